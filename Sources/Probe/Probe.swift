/// Connects to a gateway as a Windows release would, and asks for a sign-up.
package struct Probe: Sendable {
    package let target: ProbeTarget
    /// The request target: a path of the gateway's, with or without a query.
    package let path: String
    /// How long one release may take, from connecting to the answer's head; looking up the name not counted.
    package let timeout: Duration

    /// The first of the module's documented endpoints that costs a customer nothing.
    package static let defaultPath = "/enterprisetry.html"
    /// Long enough for a slow line across the world, short enough for a person who waits for four of them.
    package static let defaultTimeout = Duration.seconds(10)
    /// Bytes of an answer's head. What redirects has one of a few hundred.
    private static let maximumHeadBytes = 65_536

    /// - Parameter path: begins with `/` and holds no white space or control character.
    package init(target: ProbeTarget, path: String = Probe.defaultPath, timeout: Duration = Probe.defaultTimeout) {
        precondition(Self.isPath(path), "a request target that could change the request's shape")
        self.target = target
        self.path = path
        self.timeout = timeout
    }

    /// Whether a text may be asked for: it can't end the request line.
    package static func isPath(_ text: String) -> Bool {
        text.hasPrefix("/") && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }

    /// Connects, asks, and tells what came of it. Blocks for as long as ``timeout`` says, and while the name is looked up.
    package func run(as release: WindowsRelease) -> ProbeResult {
        let deadline = Deadline(after: timeout)
        do throws(ProbeFailure) {
            let connection = try TLSConnection.open(to: target, as: release, by: deadline)
            return answer(over: connection, as: release, by: deadline)
        } catch {
            return ProbeResult(release: release, agreement: nil, status: nil, location: nil, reason: error.inWords)
        }
    }

    private func answer(over connection: borrowing TLSConnection, as release: WindowsRelease, by deadline: Deadline)
        -> ProbeResult
    {
        let agreement = connection.agreement()
        do throws(ProbeFailure) {
            let bytes = try connection.exchange(
                request(as: release), limit: Self.maximumHeadBytes, by: deadline, isComplete: HTTPAnswer.isComplete)
            guard let answer = HTTPAnswer(bytes) else { throw bytes.isEmpty ? .closed(.answer) : .notHTTP }
            return ProbeResult(
                release: release, agreement: agreement, status: answer.status, location: answer.location,
                reason: problem(of: answer))
        } catch {
            return ProbeResult(release: release, agreement: agreement, status: nil, location: nil, reason: error.inWords)
        }
    }

    /// What Internet Explorer would send, as far as it matters. `Porter-Test` keeps it out of the visits.
    private func request(as release: WindowsRelease) -> [UInt8] {
        let lines = [
            "GET \(path) HTTP/1.1",
            "Host: \(target.authority)",
            "User-Agent: \(release.userAgent)",
            "Accept: text/html, application/xhtml+xml, */*",
            "Accept-Language: en-US",
            "Porter-Test: 1",
            "Connection: close",
        ]
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    /// Why an answer does not bring a customer to the sign-up page.
    private func problem(of answer: HTTPAnswer) -> String? {
        switch answer.status {
        case 308: "answered 308, which Internet Explorer 11 does not follow everywhere"
        case 301, 302, 303, 307: answer.location == nil ? "answered \(answer.status) without a Location" : nil
        case 404: "answered 404: there is no route for \(path); name one with --path"
        default: "answered \(answer.status) instead of a redirect"
        }
    }
}
