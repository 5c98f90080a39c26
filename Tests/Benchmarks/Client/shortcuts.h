/* What libssl asks of libcrypto and need not be done here. Functions of a program take precedence over a library's of the same
 * name, so these are called instead. With OpenSSL 3.0 they save the client more than half of a handshake, which would cost it
 * more than the server otherwise: and on a core of its own, the client is to be faster than what it measures. What goes over
 * the wire stays the same. Each server's certificates are verified before it is measured. */
#ifndef SHORTCUTS_H
#define SHORTCUTS_H

#include <dlfcn.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <string.h>

/* Believes every signature of a handshake: to verify one costs more than to sign. */
int EVP_DigestVerify(EVP_MD_CTX *context, const unsigned char *signature, size_t signature_length, const unsigned char *data,
                     size_t length) {
    (void)context, (void)signature, (void)signature_length, (void)data, (void)length;
    return 1;
}

/* Parses a certificate only if it is not the one of the handshake before. */
X509 *d2i_X509(X509 **certificate, const unsigned char **bytes, long length) {
    static X509 *(*parse)(X509 **, const unsigned char **, long);
    static X509 *known;
    static unsigned char known_bytes[4096];
    static long known_length;
    if (!parse) *(void **)&parse = dlsym(RTLD_NEXT, "d2i_X509");

    if (!known || length != known_length || memcmp(*bytes, known_bytes, length) != 0) {
        const unsigned char *begin = *bytes;
        X509 *parsed = parse(certificate, bytes, length);
        if (parsed && length <= (long)sizeof known_bytes && X509_up_ref(parsed)) {
            X509_free(known);
            known = parsed;
            known_length = length;
            memcpy(known_bytes, begin, length);
        }
        return parsed;
    }
    X509_up_ref(known);
    *bytes += length;
    if (certificate) {
        X509_free(*certificate);
        *certificate = known;
    }
    return known;
}

#endif
