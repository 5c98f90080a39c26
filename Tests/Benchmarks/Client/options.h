/* What the command line says. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <arpa/inet.h>
#include <getopt.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define MOST_CONNECTIONS 10000

static struct {
    struct sockaddr_in address;
    const char *requests_path, *server_name;
    int connections, seconds, warmup;
    int tls_version; /* 12, 13, or 0: plain HTTP */
    const char *cipher, *groups;
    bool is_keep_alive; /* else a new connection for each request */
    bool resumes;       /* with the ticket that the connection before was sent */
    double rate;        /* requests a second; 0: closed loop */
} options = {
    .server_name = "localhost",
    .connections = 32,
    .seconds = 5,
    .warmup = 1,
    /* The first is used; P-256 tells a server of TLS 1.2 that its certificate can be verified. */
    .groups = "X25519:P-256",
};

static void usage(void) {
    fputs("usage: load --port PORT --requests FILE [--name HOST] [--connections N] [--seconds N] [--warmup N]\n"
          "            [--tls 12|13] [--cipher NAME] [--groups LIST] [--keep-alive] [--resume] [--rate PER_SECOND]\n",
          stderr);
    exit(2);
}

static void read_options(int count, char **arguments) {
    static const struct option names[] = {
        {"port", required_argument, 0, 'p'},
        {"requests", required_argument, 0, 'f'},
        {"name", required_argument, 0, 'n'},
        {"connections", required_argument, 0, 'c'},
        {"seconds", required_argument, 0, 's'},
        {"warmup", required_argument, 0, 'w'},
        {"tls", required_argument, 0, 't'},
        {"cipher", required_argument, 0, 'C'},
        {"groups", required_argument, 0, 'g'},
        {"keep-alive", no_argument, 0, 'k'},
        {"resume", no_argument, 0, 'r'},
        {"rate", required_argument, 0, 'R'},
        {0},
    };
    options.address.sin_family = AF_INET;
    options.address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int letter; (letter = getopt_long(count, arguments, "", names, NULL)) != -1;) {
        switch (letter) {
        case 'p': options.address.sin_port = htons(atoi(optarg)); break;
        case 'f': options.requests_path = optarg; break;
        case 'n': options.server_name = optarg; break;
        case 'c': options.connections = atoi(optarg); break;
        case 's': options.seconds = atoi(optarg); break;
        case 'w': options.warmup = atoi(optarg); break;
        case 't': options.tls_version = atoi(optarg); break;
        case 'C': options.cipher = optarg; break;
        case 'g': options.groups = optarg; break;
        case 'k': options.is_keep_alive = true; break;
        case 'r': options.resumes = true; break;
        case 'R': options.rate = atof(optarg); break;
        default: usage();
        }
    }
    if (!options.requests_path || !options.address.sin_port || options.connections < 1
        || options.connections > MOST_CONNECTIONS)
        usage();
}

#endif
