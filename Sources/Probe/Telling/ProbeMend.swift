/// What would let a release in, or make its customers' way shorter.
///
/// Where a server's log of failed handshakes has the same advice (`porter log handshakes`), the word is the same.
package enum ProbeMend: String, CaseIterable, Sendable {
    // Getting there
    case hostName = "host-name"
    case listener
    case tlsPort = "tls-port"
    // Shaking hands
    case serverName = "server-name"
    case lowerFloor = "lower-floor"
    case olderTLS = "older-tls"
    case ecdsaCertificate = "ecdsa-certificate"
    case rsaCertificate = "rsa-certificate"
    case cipherSuites = "cipher-suites"
    // Trusting
    case certificateName = "certificate-name"
    case wholeChain = "whole-chain"
    case currentCertificate = "current-certificate"
    case trustedCertificate = "trusted-certificate"
    // Answering
    case patience
    case http
    case route
    case partnerID = "partner-id"
    case gatewayLog = "gateway-log"
    case redirect
    case temporaryRedirect = "temporary-redirect"
    case plainHTTP = "plain-http"
}
