/// Connects to a gateway as a Windows release would, and asks for a sign-up.
///
/// One connection per path: an answer says `Connection: close`, as a gateway does to nearly every sign-up, and so each path is
/// asked for as a customer's browser would, and its time holds all that a customer waits for.
package struct Probe: Sendable {
    package let target: ProbeTarget
    /// The request target: a path of the gateway's, with or without a query.
    package let path: String
    /// How long one connection may take, from connecting to the answer's head; looking up the name keeps the system's time.
    package let timeout: Duration
    /// Whether a certificate that a browser here would not trust is a problem.
    package let requiresTrust: Bool

    /// The paths of the module's four documented URLs, in the order of their registry values (`MOSRASTDBUY`, `MOSRASTDTRY`,
    /// `MOSRALITEBUY`, `MOSRALITETRY`; MicrosoftDocs/windowsserverdocs, `EssentialsDocs/install/Replace-O365-Integration-Module-
    /// Buy-Try-Endpoint-URL-in-Support-of-Microsoft-Online-Service-Reseller-Agreement.md`).
    package static let documentedPaths = ["/enterprisebuy.html", "/enterprisetry.html", "/smallbizbuy.html", "/smallbiztry.html"]
    /// Long enough for a slow line across the world, short enough for a person who waits for several of them.
    package static let defaultTimeout = Duration.seconds(10)
    /// Bytes of an answer's head. What redirects has one of a few hundred.
    private static let maximumHeadBytes = 65_536
    /// Bytes of a request target, as Porter takes them.
    private static let maximumPathBytes = 8_192

    /// - Parameter path: one that ``isPath(_:)`` is true of.
    package init(
        target: ProbeTarget, path: String = Probe.documentedPaths[0], timeout: Duration = Probe.defaultTimeout,
        requiresTrust: Bool = false
    ) {
        precondition(Self.isPath(path), "a request target that could change the request's shape")
        self.target = target
        self.path = path
        self.timeout = timeout
        self.requiresTrust = requiresTrust
    }

    /// Whether a text may be asked for: it begins with `/`, can't end the request line, and is at most 8 KiB long.
    package static func isPath(_ text: String) -> Bool {
        text.hasPrefix("/") && text.utf8.count <= maximumPathBytes && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }

    /// Connects with TLS, asks, and tells what came of it. Blocks for as long as ``timeout`` says, and while the name is looked up.
    package func run(as release: WindowsRelease) -> ProbeResult {
        let clock = ContinuousClock()
        let start = clock.now
        let deadline = Deadline(after: timeout)
        var agreement: ProbeResult.Agreement?
        do throws(ProbeFailure) {
            let connection = try TLSConnection.open(to: target, as: release, by: deadline)
            let agreed = connection.agreement(with: target.host)
            agreement = agreed
            let request = request(scheme: "https", as: release)
            let answer = try Self.ask(request, over: connection, agreed, by: deadline)
            return result(of: answer, to: request, agreement, clock.now - start)
        } catch {
            return ProbeResult(path: path, agreement: agreement, problem: .failure(error), duration: clock.now - start)
        }
    }

    private func request(scheme: String, as release: WindowsRelease) -> ProbeRequest {
        let defaultPort = scheme == "https" ? ProbeTarget.defaultPort : ProbeTarget.defaultPlainPort
        return ProbeRequest(
            scheme: scheme, authority: target.authority(defaultPort: defaultPort), path: path, userAgent: release.userAgent)
    }

    private static func ask(
        _ request: ProbeRequest, over connection: borrowing TLSConnection, _ agreement: ProbeResult.Agreement,
        by deadline: Deadline
    ) throws(ProbeFailure) -> HTTPAnswer {
        let isHTTP2 = agreement.applicationProtocol == "h2"
        let progress = isHTTP2 ? HTTP2Answer.progress(of:) : HTTP1Answer.progress(of:)
        let bytes = try connection.exchange(
            isHTTP2 ? request.http2 : request.http1, limit: maximumHeadBytes, by: deadline,
            isComplete: { !progress($0).isIncomplete })
        return try answer(in: bytes, progress(bytes))
    }

    /// The same without TLS. It does not depend on the release; the browser is that of 2012 R2.
    package func runPlain() -> ProbeResult {
        let clock = ContinuousClock()
        let start = clock.now
        let deadline = Deadline(after: timeout)
        do throws(ProbeFailure) {
            let request = request(scheme: "http", as: .server2012R2)
            let socket = try Socket(to: target, by: deadline)
            let bytes = try socket.exchange(
                request.http1, limit: Self.maximumHeadBytes, by: deadline,
                isComplete: { !HTTP1Answer.progress(of: $0).isIncomplete })
            let answer = try Self.answer(in: bytes, HTTP1Answer.progress(of: bytes))
            return result(of: answer, to: request, nil, clock.now - start)
        } catch {
            return ProbeResult(path: path, problem: .failure(error), duration: clock.now - start)
        }
    }

    /// - Parameter progress: what is in the bytes, after which no more come.
    private static func answer(in bytes: [UInt8], _ progress: HTTPAnswer.Progress) throws(ProbeFailure) -> HTTPAnswer {
        switch progress {
        case .complete(let answer): return answer
        case .incomplete: throw bytes.isEmpty ? .closed(.answer) : .unfinishedHead
        case .refused: throw .notHTTP
        }
    }

    private func result(
        of answer: HTTPAnswer, to request: ProbeRequest, _ agreement: ProbeResult.Agreement?, _ duration: Duration
    ) -> ProbeResult {
        let distrust = requiresTrust ? agreement?.certificate?.problem.map { ProbeProblem.untrusted($0) } : nil
        return ProbeResult(
            path: path, agreement: agreement, status: answer.status, location: answer.location,
            problem: ProbeProblem(answer, to: request.address) ?? distrust, duration: duration)
    }
}
