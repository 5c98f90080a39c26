/// What came of asking for one path.
package struct ProbeResult: Hashable, Sendable {
    /// What was agreed on in the handshake.
    package struct Agreement: Hashable, Sendable {
        /// `TLSv1.2`
        package let version: String
        /// OpenSSL's name of the suite.
        package let suite: String
        /// What the server chose by ALPN, such as `h2`; nil when it chose nothing.
        package let applicationProtocol: String?
        /// nil for suites without one, which no release offers.
        package let certificate: PeerCertificate?
    }

    package let path: String
    /// nil when no TLS connection came about, or none was meant to.
    package let agreement: Agreement?
    /// The HTTP status; nil when no answer came.
    package let status: Int?
    /// The answer's Location, when there is one; what a server sent, and not fit for a terminal as it is.
    package let location: String?
    /// nil for a redirect that a browser of the release follows.
    package let problem: ProbeProblem?
    /// From looking up the name to the answer's head, or to the failure; nil for a path that was not asked for, because what came
    /// before decides about it.
    package let duration: Duration?

    package init(
        path: String, agreement: Agreement? = nil, status: Int? = nil, location: String? = nil, problem: ProbeProblem?,
        duration: Duration?
    ) {
        self.path = path
        self.agreement = agreement
        self.status = status
        self.location = location
        self.problem = problem
        self.duration = duration
    }

    /// Whether the release was answered with a redirect that its browser follows.
    package var canSignUp: Bool { problem == nil }

    /// Why the release can't sign up, in plain words; nil when it can.
    package var reason: String? { problem?.inWords(at: path) }
}
