// OpenSSL 3 as the other TLS stack: the client that `porter probe` and the tests connect with.
#ifndef PORTER_COPENSSL_SHIM_H
#define PORTER_COPENSSL_SHIM_H

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

// What OpenSSL offers as macros only, which Swift cannot import.

static inline int porter_ssl_ctx_set_min_proto_version(SSL_CTX *context, int version) {
    return SSL_CTX_set_min_proto_version(context, version);
}

static inline int porter_ssl_ctx_set_max_proto_version(SSL_CTX *context, int version) {
    return SSL_CTX_set_max_proto_version(context, version);
}

static inline int porter_ssl_ctx_set1_groups_list(SSL_CTX *context, const char *groups) {
    return (int)SSL_CTX_set1_groups_list(context, groups);
}

static inline int porter_ssl_ctx_set1_sigalgs_list(SSL_CTX *context, const char *algorithms) {
    return (int)SSL_CTX_set1_sigalgs_list(context, algorithms);
}

// What OpenSSL has and old Schannel has not (encrypt-then-MAC), and the other way round (servers without RFC 5746).
static inline void porter_ssl_ctx_behave_as_schannel(SSL_CTX *context) {
    SSL_CTX_set_options(context, SSL_OP_NO_ENCRYPT_THEN_MAC | SSL_OP_LEGACY_SERVER_CONNECT);
}

static inline void porter_ssl_ctx_set_no_ticket(SSL_CTX *context) {
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
}

static inline int porter_ssl_set_tlsext_host_name(SSL *ssl, const char *name) {
    return (int)SSL_set_tlsext_host_name(ssl, name);
}

static inline int porter_bio_pending(BIO *bio) {
    return (int)BIO_pending(bio);
}

static inline int porter_ciphers_count(const STACK_OF(SSL_CIPHER) *ciphers) {
    return sk_SSL_CIPHER_num(ciphers);
}

static inline const SSL_CIPHER *porter_ciphers_at(const STACK_OF(SSL_CIPHER) *ciphers, int index) {
    return sk_SSL_CIPHER_value(ciphers, index);
}

static inline void porter_ciphers_free(STACK_OF(SSL_CIPHER) *ciphers) {
    sk_SSL_CIPHER_free(ciphers);
}

static inline int porter_certificates_count(const STACK_OF(X509) *certificates) {
    return sk_X509_num(certificates);
}

#endif
