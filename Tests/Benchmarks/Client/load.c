/* One thread that asks a server for redirects over many connections, checks each answer, and measures how long it took.
 *
 * Closed loop: each connection asks again once it is answered. With --rate, requests fall due at random moments of the
 * given average rate, whatever the server does, and latency counts from the moment a request was due: a server that stops
 * for a moment is charged for all who came meanwhile.
 *
 * "measuring" and "measured" on standard output mark the window that counts; the result follows as one line of JSON.
 * load.c holds the connections and the loop, and the headers what they need.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "answer.h"
#include "histogram.h"
#include "options.h"
#include "requests.h"
#include "shortcuts.h"

#define NANOSECONDS_PER_SECOND 1000000000LL
/* An answer that takes longer is an error, not a slow answer. */
#define PATIENCE_NANOSECONDS (10 * NANOSECONDS_PER_SECOND)
/* How often connections are looked at for that, and how long the last farewells may take. */
#define SWEEP_NANOSECONDS (NANOSECONDS_PER_SECOND / 2)
/* The head and body of a redirect. */
#define ANSWER_BYTES 8192
/* Requests that are due and wait for a free connection; more means that the server is far from keeping up. */
#define BACKLOG 65536
/* A closed connection's address and port stay taken for a minute (TIME_WAIT), here, since the client closes first. One
 * address has 28,000 ports, a few seconds' worth; so connections come from many addresses of 127.0.0.0/8. Closing with a
 * reset instead would need no ports, but give the server an error to handle where real visitors give it an end. Each address
 * is in a /24 of its own, so that a server that tells visitors apart by network has some to tell apart. */
#define SOURCE_NETWORKS 200

/* RESTING is a connection that met a fault: it tries again at the next sweep, so that a server that is gone is not asked as fast
 * as a core can. */
enum phase { IDLE, HANDSHAKING, SENDING, READING, CLOSING, RESTING };

struct connection {
    int descriptor; /* -1: not connected */
    bool was_connected;
    SSL *tls;
    SSL_SESSION *session; /* from the ticket that an earlier connection was sent */
    enum phase phase;
    uint32_t watched; /* the epoll events asked for */
    const struct request *request;
    size_t sent, received;
    int64_t due, deadline;
    char answer[ANSWER_BYTES];
};

enum fault { FAULT_CONNECT, FAULT_HANDSHAKE, FAULT_CUT_OFF, FAULT_STATUS, FAULT_LOCATION, FAULT_FRAMING, FAULT_TIMEOUT,
             FAULT_BACKLOG, FAULTS };
static const char *fault_names[FAULTS] = {"connect", "handshake", "cut_off", "status", "location", "framing", "timeout",
                                          "backlog"};

static struct {
    uint64_t answered_ever, answered, handshakes, resumed, connected, reconnected, unclean;
    uint64_t faults[FAULTS]; /* over the whole run: a fault in the warm-up is a fault */
    char first_fault[400];
    char tls[200]; /* what the first handshake agreed on */
    struct histogram latency;
} result;

static int epoll;
static SSL_CTX *tls_context;
static struct connection *connections;
static bool is_over; /* nothing new is asked */
static int open_connections;

/* Open loop: when requests fell due that no connection was free for, and which connections are free, both oldest first. */
static int64_t backlog[BACKLOG];
static size_t backlog_first, backlog_count;
static struct connection **free_connections;
static size_t free_first, free_count;

static void advance(struct connection *connection);
static void take_next(struct connection *connection, int64_t now);

static int64_t nanoseconds(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * NANOSECONDS_PER_SECOND + time.tv_nsec;
}

static int64_t moment(void) { return nanoseconds(CLOCK_MONOTONIC); }

static void die(const char *what) {
    fprintf(stderr, "error: %s%s%s\n", what, errno ? ": " : "", errno ? strerror(errno) : "");
    exit(1);
}

/* Keeps a ticket for the connection's successor. TLS 1.3 sends it after the handshake. */
static int keep_session(SSL *tls, SSL_SESSION *session) {
    struct connection *connection = SSL_get_app_data(tls);
    SSL_SESSION_free(connection->session);
    connection->session = session;
    return 1;
}

static void set_up_tls(void) {
    /* A client of TLS 1.3 offers 1.2 as well, as browsers do: by its suites HAProxy sees whether it can verify ECDSA. */
    const char *suites_of_12 = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256";
    bool is_12 = options.tls_version == 12;
    tls_context = SSL_CTX_new(TLS_client_method());
    if (!tls_context || !SSL_CTX_set_min_proto_version(tls_context, TLS1_2_VERSION)
        || !SSL_CTX_set_max_proto_version(tls_context, is_12 ? TLS1_2_VERSION : TLS1_3_VERSION)
        || !SSL_CTX_set_cipher_list(tls_context, is_12 && options.cipher ? options.cipher : suites_of_12)
        || (!is_12 && options.cipher && !SSL_CTX_set_ciphersuites(tls_context, options.cipher))
        || !SSL_CTX_set1_groups_list(tls_context, options.groups))
        die("OpenSSL refuses the TLS version, the cipher or the groups");
    SSL_CTX_set_verify(tls_context, SSL_VERIFY_NONE, NULL);
    /* One read takes a record's header and the rest of it. */
    SSL_CTX_set_read_ahead(tls_context, 1);
    SSL_CTX_set_session_cache_mode(tls_context, options.resumes ? SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL
                                                                : SSL_SESS_CACHE_OFF);
    if (options.resumes) SSL_CTX_sess_set_new_cb(tls_context, keep_session);
}

static void watch(struct connection *connection, uint32_t events) {
    if (connection->watched == events) return;
    struct epoll_event event = {.events = events | EPOLLET, .data.ptr = connection};
    epoll_ctl(epoll, connection->watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, connection->descriptor, &event);
    connection->watched = events;
}

static void disconnect(struct connection *connection) {
    if (connection->descriptor < 0) return;
    SSL_free(connection->tls);
    close(connection->descriptor);
    connection->tls = NULL;
    connection->descriptor = -1;
    connection->watched = 0;
    connection->phase = IDLE;
    open_connections--;
}

static void fail(struct connection *connection, enum fault fault, const char *detail) {
    if (result.faults[fault]++ == 0 && !result.first_fault[0])
        snprintf(result.first_fault, sizeof result.first_fault, "%s: %s", fault_names[fault], detail);
    /* A ticket that led to a fault is not tried again. */
    SSL_SESSION_free(connection->session);
    connection->session = NULL;
    disconnect(connection);
    connection->phase = RESTING;
}

static void fail_tls(struct connection *connection, enum fault fault) {
    unsigned long code = ERR_get_error();
    char text[256] = "the server closed the connection";
    if (code)
        ERR_error_string_n(code, text, sizeof text);
    else if (errno)
        snprintf(text, sizeof text, "%s", strerror(errno));
    ERR_clear_error();
    fail(connection, fault, text);
}

/* Half-closes, and waits for the server to do the same: so the client is first, and the server has its end too. */
static void say_farewell(struct connection *connection) {
    connection->phase = CLOSING;
    if (connection->tls) SSL_shutdown(connection->tls);
    ERR_clear_error();
    shutdown(connection->descriptor, SHUT_WR);
    watch(connection, EPOLLIN);
    connection->deadline = moment() + 2 * NANOSECONDS_PER_SECOND;
    /* The end may have come together with the answer. */
    advance(connection);
}

static bool connect_socket(struct connection *connection) {
    static unsigned turn;
    int on = 1, later = 1;
    struct sockaddr_in source = {.sin_family = AF_INET};
    source.sin_addr.s_addr = htonl(0x7f000002 + ((turn++ % SOURCE_NETWORKS) << 8));
    connection->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (connection->descriptor < 0) die("a socket");
    open_connections++;
    setsockopt(connection->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    /* The port is chosen when the server's address is known, so that each server has all ports to itself. */
    setsockopt(connection->descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &later, sizeof later);
    if (bind(connection->descriptor, (struct sockaddr *)&source, sizeof source) < 0) die("a source address on loopback");
    result.connected++;
    result.reconnected += connection->was_connected;
    connection->was_connected = true;
    return connect(connection->descriptor, (struct sockaddr *)&options.address, sizeof options.address) == 0
           || errno == EINPROGRESS;
}

/* Sends the next request, over a new connection unless there is one. */
static void ask(struct connection *connection, int64_t due) {
    connection->request = next_request();
    connection->sent = connection->received = 0;
    connection->due = due;
    connection->deadline = moment() + PATIENCE_NANOSECONDS;
    connection->phase = SENDING;
    if (connection->descriptor < 0) {
        if (!connect_socket(connection)) {
            fail(connection, FAULT_CONNECT, strerror(errno));
            return;
        }
        if (options.tls_version) {
            connection->tls = SSL_new(tls_context);
            SSL_set_fd(connection->tls, connection->descriptor);
            SSL_set_app_data(connection->tls, connection);
            SSL_set_tlsext_host_name(connection->tls, options.server_name);
            SSL_set_connect_state(connection->tls);
            if (connection->session) SSL_set_session(connection->tls, connection->session);
            connection->phase = HANDSHAKING;
        }
    }
    advance(connection);
}

/* What a connection does once it is free. */
static void take_next(struct connection *connection, int64_t now) {
    if (is_over) {
        if (connection->descriptor >= 0) say_farewell(connection);
    } else if (options.rate == 0) {
        ask(connection, now);
    } else if (backlog_count > 0) {
        int64_t due = backlog[backlog_first];
        backlog_first = (backlog_first + 1) % BACKLOG;
        backlog_count--;
        ask(connection, due);
    } else {
        free_connections[(free_first + free_count++) % options.connections] = connection;
    }
}

/* Reads or writes, and says whether it got anywhere; watches for the socket otherwise, or fails. */
static bool transfer(struct connection *connection, ssize_t moved, enum fault fault) {
    if (moved > 0) return true;
    if (!connection->tls) {
        if (moved < 0 && (errno == EAGAIN || errno == ENOTCONN))
            watch(connection, connection->phase == SENDING ? EPOLLIN | EPOLLOUT : EPOLLIN);
        else
            fail(connection, fault, moved == 0 ? "the server closed the connection" : strerror(errno));
        return false;
    }
    int error = SSL_get_error(connection->tls, moved);
    if (error == SSL_ERROR_WANT_READ)
        watch(connection, EPOLLIN);
    else if (error == SSL_ERROR_WANT_WRITE)
        watch(connection, EPOLLIN | EPOLLOUT);
    else
        fail_tls(connection, fault);
    return false;
}

/* For the one who has to know whether all servers did the same work: version, suite, key exchange, kind of certificate. */
static void describe_tls(SSL *tls) {
    EVP_PKEY *exchange = NULL;
    X509 *certificate = SSL_get0_peer_certificate(tls);
    SSL_get_peer_tmp_key(tls, &exchange);
    snprintf(result.tls, sizeof result.tls, "%s %s %s %s", SSL_get_version(tls), SSL_get_cipher_name(tls),
             exchange ? EVP_PKEY_get0_type_name(exchange) : "-",
             certificate ? EVP_PKEY_get0_type_name(X509_get0_pubkey(certificate)) : "-");
    EVP_PKEY_free(exchange);
}

static void finish(struct connection *connection, const struct answer *answer) {
    const struct request *request = connection->request;
    if (answer->status != 302) {
        fail(connection, FAULT_STATUS, connection->answer);
        return;
    }
    if (answer->location_length < request->location_length
        || memcmp(answer->location, request->location, request->location_length) != 0) {
        char detail[300];
        snprintf(detail, sizeof detail, "%.*s, not %s…", (int)answer->location_length, answer->location, request->location);
        fail(connection, FAULT_LOCATION, detail);
        return;
    }
    int64_t now = moment();
    result.answered_ever++;
    result.answered++;
    record_latency(&result.latency, now - connection->due);
    connection->phase = IDLE;
    if (options.is_keep_alive && !answer->closes)
        take_next(connection, now);
    else
        say_farewell(connection);
}

static void advance(struct connection *connection) {
    char farewell[1024];
    ssize_t moved;
    errno = 0;
    switch (connection->phase) {
    case IDLE: /* a late ticket, or the server closes a connection that is not in use: then the next request opens another */
        moved = connection->tls ? SSL_read(connection->tls, connection->answer, 1)
                                : recv(connection->descriptor, connection->answer, 1, 0);
        if (connection->tls ? SSL_get_error(connection->tls, moved) == SSL_ERROR_WANT_READ : moved < 0 && errno == EAGAIN)
            return;
        ERR_clear_error();
        disconnect(connection);
        break;
    case RESTING: break;
    case HANDSHAKING:
        if (!transfer(connection, SSL_do_handshake(connection->tls), FAULT_HANDSHAKE)) return;
        if (!result.tls[0]) describe_tls(connection->tls);
        result.handshakes++;
        result.resumed += SSL_session_reused(connection->tls);
        connection->phase = SENDING;
        /* fall through */
    case SENDING:
        while (connection->sent < connection->request->length) {
            const char *rest = connection->request->head + connection->sent;
            size_t length = connection->request->length - connection->sent;
            moved = connection->tls ? SSL_write(connection->tls, rest, length)
                                    : send(connection->descriptor, rest, length, MSG_NOSIGNAL);
            if (!transfer(connection, moved, FAULT_CUT_OFF)) return;
            connection->sent += moved;
        }
        connection->phase = READING;
        /* The answer's arrival will be told: there is nothing to read yet. */
        if (connection->watched) return;
        /* fall through */
    case READING:
        for (;;) {
            char *rest = connection->answer + connection->received;
            size_t room = ANSWER_BYTES - 1 - connection->received;
            struct answer answer;
            moved = connection->tls ? SSL_read(connection->tls, rest, room) : recv(connection->descriptor, rest, room, 0);
            if (!transfer(connection, moved, FAULT_CUT_OFF)) return;
            connection->received += moved;
            connection->answer[connection->received] = 0;
            switch (read_answer(connection->answer, connection->received, &answer)) {
            case ANSWER_WHOLE: finish(connection, &answer); return;
            case ANSWER_PARTIAL:
                if (connection->received < ANSWER_BYTES - 1) break;
                /* fall through */
            case ANSWER_STRANGE: fail(connection, FAULT_FRAMING, connection->answer); return;
            }
        }
    case CLOSING:
        while ((moved = recv(connection->descriptor, farewell, sizeof farewell, 0)) > 0) {}
        if (moved < 0 && errno == EAGAIN) return;
        result.unclean += moved < 0;
        disconnect(connection);
        take_next(connection, moment());
        break;
    }
}

static void sweep(int64_t now) {
    for (int index = 0; index < options.connections; index++) {
        struct connection *connection = &connections[index];
        if (connection->phase == IDLE || (connection->phase != RESTING && now < connection->deadline)) continue;
        if (connection->phase == RESTING) {
            connection->phase = IDLE;
            take_next(connection, now);
        } else if (connection->phase == CLOSING) {
            result.unclean++;
            disconnect(connection);
            take_next(connection, now);
        } else {
            fail(connection, FAULT_TIMEOUT, "no answer within ten seconds");
        }
    }
}

/* Starts what fell due, and returns when the next request will. Gaps are exponential, as between visitors who don't know of
 * each other; the seed is fixed, so that all servers see the same arrivals. */
static int64_t start_due(int64_t now, int64_t due) {
    while (due <= now) {
        if (free_count > 0) {
            struct connection *connection = free_connections[free_first];
            free_first = (free_first + 1) % options.connections;
            free_count--;
            ask(connection, due);
        } else if (backlog_count < BACKLOG) {
            backlog[(backlog_first + backlog_count++) % BACKLOG] = due;
        } else {
            result.faults[FAULT_BACKLOG]++;
        }
        due += (int64_t)(-log(1 - drand48()) / options.rate * NANOSECONDS_PER_SECOND) + 1;
    }
    return due;
}

static void wait_until(int64_t limit) {
    struct epoll_event events[256];
    int64_t left = limit - moment();
    if (left < 0) left = 0;
    struct timespec patience = {left / NANOSECONDS_PER_SECOND, left % NANOSECONDS_PER_SECOND};
    int count = epoll_pwait2(epoll, events, 256, &patience, NULL);
    if (count < 0 && errno != EINTR) die("epoll_pwait2");
    for (int index = 0; index < count; index++) advance(events[index].data.ptr);
}

/* Runs the loop until the given moment, or until all connections are closed once it is over. */
static void run_until(int64_t end, bool until_closed) {
    static int64_t next_sweep, due;
    if (due == 0) due = moment();
    for (;;) {
        int64_t now = moment();
        if (now >= end || (until_closed && open_connections == 0)) return;
        if (now >= next_sweep) {
            sweep(now);
            next_sweep = now + SWEEP_NANOSECONDS;
        }
        int64_t limit = next_sweep < end ? next_sweep : end;
        if (options.rate > 0 && !is_over) {
            due = start_due(now, due);
            if (due < limit) limit = due;
        }
        wait_until(limit);
    }
}

static void announce(const char *word) {
    puts(word);
    fflush(stdout);
}

static void run(void) {
    int64_t begin = moment();
    for (int index = 0; index < options.connections; index++) {
        connections[index].descriptor = -1;
        take_next(&connections[index], begin);
    }
    run_until(begin + options.warmup * NANOSECONDS_PER_SECOND, false);

    announce("measuring");
    result.answered = result.handshakes = result.resumed = result.connected = result.reconnected = 0;
    clear_histogram(&result.latency);
    int64_t start = moment(), processor = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
    run_until(start + options.seconds * NANOSECONDS_PER_SECOND, false);
    double seconds = (moment() - start) / 1e9;
    processor = nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - processor;
    announce("measured");

    uint64_t waiting = backlog_count;
    printf("{\"seconds\":%.6f,\"answered\":%lu,\"client_cpu_seconds\":%.6f,\"connected\":%lu,\"reconnected\":%lu,"
           "\"handshakes\":%lu,\"resumed\":%lu,\"waiting\":%lu,", seconds, result.answered, processor / 1e9,
           result.connected, result.reconnected, result.handshakes, result.resumed, waiting);
    print_histogram(&result.latency);

    is_over = true;
    for (int index = 0; index < options.connections; index++)
        if (connections[index].phase == IDLE) take_next(&connections[index], moment());
    run_until(moment() + 2 * NANOSECONDS_PER_SECOND, true);
    printf(",\"answered_ever\":%lu,\"unclean\":%lu,\"faults\":{", result.answered_ever, result.unclean);
    for (int fault = 0; fault < FAULTS; fault++)
        printf("%s\"%s\":%lu", fault ? "," : "", fault_names[fault], result.faults[fault]);
    printf("},\"first_fault\":");
    print_json_string(result.first_fault);
    printf(",\"tls\":");
    print_json_string(result.tls);
    printf("}\n");
}

int main(int count, char **arguments) {
    read_options(count, arguments);
    /* Whoever started the client may be killed; it must not go on for ever, and does not need to wait 50 µs more than asked. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_TIMERSLACK, 1);
    signal(SIGPIPE, SIG_IGN);
    srand48(1);
    if (!read_requests(options.requests_path)) die("the file of requests");
    epoll = epoll_create1(EPOLL_CLOEXEC);
    connections = calloc(options.connections, sizeof *connections);
    free_connections = calloc(options.connections, sizeof(struct connection *));
    if (epoll < 0 || !connections || !free_connections) die("memory for the connections");
    if (options.tls_version) set_up_tls();
    run();
    return 0;
}
