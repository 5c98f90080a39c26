import Attribution
import NIOCore
import RawSockets
import Testing

@testable import FrontDoor

/// A real front door on loopback, with routes and a directory to be asked for.
struct TestDoor {
    let door: FrontDoor
    let recorder: MemoryRecorder

    static let attributed = "/enterprisetry.html?Partner=4227824"

    /// Opens a door for the time of the body.
    static func open(
        _ recorder: MemoryRecorder = MemoryRecorder(),
        tls: TLSSettings? = nil,
        configure: (inout FrontDoorConfiguration) -> Void = { _ in },
        _ body: (TestDoor) async throws -> Void
    ) async throws {
        let anywhere = ListenAddress(host: "127.0.0.1", port: 0)
        var configuration = FrontDoorConfiguration(https: tls == nil ? nil : anywhere, http: anywhere, tls: tls)
        configuration.limits.sweepInterval = .milliseconds(10)
        configuration.limits.waitForever()
        configure(&configuration)
        let door = try await FrontDoor.start(configuration, recorder: recorder, snapshot: try snapshot())
        do {
            try await body(TestDoor(door: door, recorder: recorder))
        } catch {
            await close(door, recorder, grace: .milliseconds(100))
            throw error
        }
        recorder.release(.committed)
        await close(door, recorder, grace: .seconds(2))
    }

    private static func close(_ door: FrontDoor, _ recorder: MemoryRecorder, grace: TimeAmount) async {
        await door.shutdown(grace: grace)
        recorder.release(.committed)
        await door.end()
    }

    func connect() throws -> RawClient {
        try RawClient(port: try #require(door.httpAddress).port)
    }

    static func snapshot(target: String = "https://signup.example.com/Signup") throws -> Snapshot {
        let redirecting = Route(
            name: "enterprise-trial", version: "0123456789abcdef", paths: [try PathPattern("/enterprisetry.html")],
            destination: Destination(
                url: target, host: "signup.example.com",
                query: [OutgoingParameter(name: "msppid", source: .partner)]
            )
        )
        let rejecting = Route(
            name: "strict", version: "0123456789abcdef", paths: [try PathPattern("/strict.html")],
            partner: PartnerRule(otherwise: .reject),
            destination: Destination(url: target, host: "signup.example.com")
        )
        let partner = try #require(PartnerID("4227824"))
        return Snapshot(
            routes: RouteTable(routes: [redirecting, rejecting]),
            directory: PartnerDirectory(version: 1, standings: [partner: PartnerStanding()]),
            pages: .builtIn
        )
    }
}

extension FrontDoorLimits {
    /// Far beyond a test's end: a test whose threads others hold must not run into a limit that it is not about.
    fileprivate mutating func waitForever() {
        for limit in [\Self.clientHello, \.handshake, \.head, \.body, \.idle, \.commit, \.customerPage, \.writeStall] {
            self[keyPath: limit] = .hours(1)
        }
    }
}
