/* The floor under a redirect: what the kernel and the cryptography of TLS take on this machine, each by itself.
 *
 * Everything is measured as processor time of this thread, in µs, the median of several rounds, without what reading the clock
 * takes. The peers live in the same thread, and their time is left out: but what they receive, the kernel hands them within the
 * sender's call, as it does on loopback.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 9, CONNECTIONS = 400, EXCHANGES = 4000, HANDSHAKES = 300, REQUEST_BYTES = 420, ANSWER_BYTES = 400 };

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static double processor_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

/* What one reading of the clock takes of what is measured between two. */
static double clock_us;

static void measure_clock(void) {
    double begin = processor_us();
    for (int turn = 0; turn < EXCHANGES; turn++) processor_us();
    clock_us = (processor_us() - begin) / EXCHANGES;
}

static int ascending(const void *left, const void *right) {
    double difference = *(const double *)left - *(const double *)right;
    return (difference > 0) - (difference < 0);
}

static double median(double *values, int count) {
    qsort(values, count, sizeof *values, ascending);
    return values[count / 2];
}

static void tell(const char *what, double *values) {
    printf("%8.2f  %s\n", median(values, ROUNDS), what);
}

/* The kernel. */

static int listener;
static struct sockaddr_in address = {.sin_family = AF_INET};

static void open_listener(void) {
    socklen_t length = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, length) || listen(listener, 1024)) fail("listen");
    getsockname(listener, (struct sockaddr *)&address, &length);
}

static int connect_to_listener(void) {
    int one = 1, client = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(client, (struct sockaddr *)&address, sizeof address)) fail("connect");
    return client;
}

static int clients[CONNECTIONS], accepted[CONNECTIONS];

static void measure_connections(void) {
    double accepting[ROUNDS], closing[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        for (int index = 0; index < CONNECTIONS; index++) clients[index] = connect_to_listener();
        double begin = processor_us();
        for (int index = 0; index < CONNECTIONS; index++)
            if ((accepted[index] = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) < 0) fail("accept");
        accepting[round] = (processor_us() - begin) / CONNECTIONS;
        begin = processor_us();
        for (int index = 0; index < CONNECTIONS; index++) close(accepted[index]);
        closing[round] = (processor_us() - begin) / CONNECTIONS;
        for (int index = 0; index < CONNECTIONS; index++) close(clients[index]);
    }
    tell("kernel: accept", accepting);
    tell("kernel: close", closing);
}

static void measure_exchanges(void) {
    double waiting[ROUNDS], reading[ROUNDS], writing[ROUNDS];
    char request[REQUEST_BYTES] = {0}, answer[ANSWER_BYTES] = {0}, buffer[4096];
    int client = connect_to_listener(), server = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    int one = 1, poll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN}, ready;
    setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    epoll_ctl(poll, EPOLL_CTL_ADD, server, &event);
    for (int round = 0; round < ROUNDS; round++) {
        double spent[3] = {0};
        for (int turn = 0; turn < EXCHANGES; turn++) {
            if (write(client, request, sizeof request) != sizeof request) fail("client's write");
            double begin = processor_us();
            epoll_wait(poll, &ready, 1, -1);
            double polled = processor_us();
            if (read(server, buffer, sizeof buffer) != sizeof request) fail("read");
            double was_read = processor_us();
            if (write(server, answer, sizeof answer) != sizeof answer) fail("write");
            double written = processor_us();
            spent[0] += polled - begin, spent[1] += was_read - polled, spent[2] += written - was_read;
            if (read(client, buffer, sizeof buffer) != sizeof answer) fail("client's read");
        }
        waiting[round] = spent[0] / EXCHANGES - clock_us;
        reading[round] = spent[1] / EXCHANGES - clock_us;
        writing[round] = spent[2] / EXCHANGES - clock_us;
    }
    tell("kernel: epoll_wait for one connection", waiting);
    tell("kernel: read of a request", reading);
    tell("kernel: write of an answer, with the peer's receiving of it", writing);
    close(client), close(server), close(poll);
}

/* The cryptography. */

static SSL_CTX *server_context(const char *certificate, const char *key, int version) {
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    /* Sessions are in tickets. */
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_min_proto_version(context, version), SSL_CTX_set_max_proto_version(context, version);
    if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1
        || SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1) {
        ERR_print_errors_fp(stderr);
        exit(1);
    }
    return context;
}

/* A handshake, a request and an answer through memory; returns the server's time for the first, and adds for the others. */
static double handshake(SSL_CTX *server_side, SSL_CTX *client_side, double *exchange) {
    SSL *server = SSL_new(server_side), *client = SSL_new(client_side);
    BIO *to_server = BIO_new(BIO_s_mem()), *to_client = BIO_new(BIO_s_mem());
    char request[REQUEST_BYTES] = {0}, answer[ANSWER_BYTES] = {0}, buffer[4096];
    double spent = 0;
    BIO_up_ref(to_server), BIO_up_ref(to_client);
    SSL_set_bio(server, to_server, to_client), SSL_set_bio(client, to_client, to_server);
    SSL_set_accept_state(server), SSL_set_connect_state(client);
    for (bool is_done = false; !is_done;) {
        bool client_done = SSL_do_handshake(client) == 1;
        double begin = processor_us();
        bool server_done = SSL_do_handshake(server) == 1;
        spent += processor_us() - begin - clock_us;
        is_done = client_done && server_done;
    }
    for (int turn = 0; turn < 20; turn++) {
        SSL_write(client, request, sizeof request);
        double begin = processor_us();
        if (SSL_read(server, buffer, sizeof buffer) != sizeof request) fail("TLS read");
        SSL_write(server, answer, sizeof answer);
        /* The first one pays for what is made lazily. */
        if (turn > 0) *exchange += (processor_us() - begin - clock_us) / 19;
        SSL_read(client, buffer, sizeof buffer);
    }
    SSL_free(server), SSL_free(client);
    return spent;
}

static void measure_tls(const char *name, const char *certificate, const char *key, int version, bool tells_exchange) {
    double shaking[ROUNDS], exchanging[ROUNDS];
    SSL_CTX *server = server_context(certificate, key, version), *client = SSL_CTX_new(TLS_client_method());
    /* As the scenarios have it. */
    SSL_CTX_set1_groups_list(client, "X25519:P-256");
    SSL_CTX_set_ciphersuites(client, "TLS_AES_128_GCM_SHA256");
    SSL_CTX_set_cipher_list(client, "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256");
    char what[80];
    for (int round = 0; round < ROUNDS; round++) {
        double spent = 0, exchange = 0;
        for (int turn = 0; turn < HANDSHAKES; turn++) spent += handshake(server, client, &exchange);
        shaking[round] = spent / HANDSHAKES, exchanging[round] = exchange / HANDSHAKES;
    }
    snprintf(what, sizeof what, "OpenSSL: the server's part of a handshake, %s", name);
    tell(what, shaking);
    if (tells_exchange) tell("OpenSSL: a request decrypted and an answer encrypted", exchanging);
    SSL_CTX_free(server), SSL_CTX_free(client);
}

int main(int count, char **arguments) {
    if (count != 5) {
        fputs("usage: floor ECDSA-CERTIFICATE ECDSA-KEY RSA-CERTIFICATE RSA-KEY\n", stderr);
        return 2;
    }
    printf("µs of processor time, medians of %d rounds; %s\n", ROUNDS, OpenSSL_version(OPENSSL_VERSION));
    measure_clock();
    open_listener();
    measure_connections();
    measure_exchanges();
    measure_tls("TLS 1.3, ECDSA P-256, X25519", arguments[1], arguments[2], TLS1_3_VERSION, true);
    measure_tls("TLS 1.2, ECDSA P-256, X25519", arguments[1], arguments[2], TLS1_2_VERSION, false);
    measure_tls("TLS 1.2, RSA 2048, X25519", arguments[3], arguments[4], TLS1_2_VERSION, false);
    return 0;
}
