/// What to change at a gateway, and for whom.
package struct ProbeAdvice: Hashable, Sendable {
    package let mend: ProbeMend
    /// The releases that it would help, by their words, and `plain`.
    package let whom: [String]
    /// Whether none of these counts: a gateway may well be left as it is.
    package let isOptional: Bool
    /// One or two sentences for a person who runs the gateway, whatever server it is.
    package let text: String
}

extension ProbeReport {
    /// Each advice once, in the order of a sign-up, with those whom it concerns.
    package var advice: [ProbeAdvice] {
        ProbeMend.allCases.compactMap { mend in
            let concerned = all.filter { mends(of: $0).contains(mend) }
            guard !concerned.isEmpty else { return nil }
            return ProbeAdvice(
                mend: mend, whom: concerned.map(\.id), isOptional: !concerned.contains(where: \.counts),
                text: text(of: mend, for: concerned))
        }
    }

    private func text(of mend: ProbeMend, for concerned: [ReleaseOutcome]) -> String {
        let host = target.host
        switch mend {
        case .hostName:
            return "\(host) has no address: is it spelled right, and does its DNS zone have a record for it?"
        case .listener:
            return "nothing answers on port \(target.port): is the server running, does a firewall keep the port closed, is it "
                + "another port (HOST:PORT)?"
        case .tlsPort:
            return "port \(target.port) speaks no TLS: name the port that does, or have this one speak it"
        case .serverName:
            return "the server has no certificate for \(host): give it one, or probe it by a name that it knows"
        case .lowerFloor:
            return "these speak TLS 1.2 at most, as every Essentials release does; let the server speak TLS 1.2 (Porter: "
                + "--minimum-tls 1.2)"
        case .olderTLS:
            return "these speak TLS 1.1 at most. Have KB3140245 installed on such a server, which makes it speak TLS 1.2; or "
                + "let them in with TLS 1.0 (Porter: --minimum-tls 1.0)"
        case .ecdsaCertificate:
            return "give an ECDSA certificate (P-256) beside the RSA one (Porter: --tls-certificate and --tls-key, each "
                + "twice): then these agree on ECDHE-ECDSA-AES256-GCM-SHA384. With RSA they have no ECDHE with GCM: enable "
                + "one of ECDHE-RSA-AES128-SHA256, ECDHE-RSA-AES128-SHA and AES128-GCM-SHA256 for them"
        case .rsaCertificate:
            return "give an RSA certificate beside the ECDSA one (Porter: --tls-certificate and --tls-key, each twice), or "
                + "enable ECDHE-ECDSA-AES256-GCM-SHA384 for the ECDSA one"
        case .cipherSuites:
            return "enable a suite that each of these has: with an ECDSA certificate ECDHE-ECDSA-AES256-GCM-SHA384, with an "
                + "RSA one ECDHE-RSA-AES128-SHA; and one of the curves P-256 and P-384. The key of an ECDSA certificate must "
                + "be on one of these, too"
        case .certificateName:
            return "the certificate does not name \(host), and browsers warn of it: get one for this name, or use the name "
                + "that it has"
        case .wholeChain:
            return "the server sends its certificate alone: give it the whole chain, with the certificates between it and the "
                + "authority (certbot calls the file fullchain.pem)"
        case .currentCertificate:
            return "a certificate is out of date: renew it, and see that the server has loaded the new one and the time is "
                + "right"
        case .trustedCertificate:
            return "a browser here would not trust the certificate; give one for this name from an authority that old Windows "
                + "knows, with its chain"
        case .patience:
            return "the server takes the connection and stays silent: is it overloaded, or is something else on that port? "
                + "--timeout gives it more time"
        case .http:
            return "the server shakes hands and then speaks no HTTP: is another service on that port?"
        case .route:
            return "there is no route for \(paths(of: concerned, with: .route)): add one (Porter: a file in its routes "
                + "folder), or name the paths that the images' URLs have with --path"
        case .partnerID:
            return "sign-ups without a Partner ID are refused at \(paths(of: concerned, with: .partnerID)): if that is meant, "
                + "probe with one, as in --path '/enterprisetry.html?Partner=1234567'"
        case .gatewayLog:
            return "the gateway failed by itself at \(paths(of: concerned, with: .gatewayLog)): look at its log (Porter: "
                + "/healthz, and the page Health)"
        case .redirect:
            return "answer with a redirect (302) to the sign-up page at \(paths(of: concerned, with: .redirect))"
        case .temporaryRedirect:
            return "answer 302 at \(paths(of: concerned, with: .temporaryRedirect)): Internet Explorer 11 does not follow 308 "
                + "everywhere, and browsers remember 301, so that later sign-ups pass the gateway by"
        case .plainHTTP:
            return "the URLs that the module's documentation prints are http://: redirect them on port \(plainPort ?? 0), to "
                + "https:// or to the sign-up page, or be sure that all images have https:// URLs"
        }
    }

    /// The paths of these that have the mend, each once: `/a, /b`.
    private func paths(of concerned: [ReleaseOutcome], with mend: ProbeMend) -> String {
        paths.filter { path in
            concerned.contains { outcome in
                outcome.results.contains { $0.path == path && mends(of: $0, outcome.release).contains(mend) }
            }
        }.joined(separator: ", ")
    }
}
