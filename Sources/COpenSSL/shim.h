// OpenSSL 3 as the other TLS stack: the client that `porter probe` and the tests connect with.
#include <openssl/ssl.h>
#include <openssl/err.h>
