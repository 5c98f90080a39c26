import Attribution
import NIOCore
import RawSockets
import Testing

@testable import FrontDoor

@Suite("The front door over TLS", .serialized, .hangLimit)
struct FrontDoorTLSTests {
    private static let request = "GET \(TestDoor.attributed) HTTP/1.1\r\nHost: gateway.example\r\nConnection: close\r\n\r\n"

    private func open(
        _ recorder: MemoryRecorder = MemoryRecorder(), configure: (inout FrontDoorConfiguration) -> Void = { _ in },
        _ body: (TestDoor, Int, TemporaryFolder) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let settings = TLSSettings(pairs: try SelfSignedPair.make(in: folder.path).pairs)
        try await TestDoor.open(recorder, tls: settings, configure: configure) { door in
            try await body(door, try #require(door.door.httpsAddress).port, folder)
        }
    }

    private func firstFailure(_ door: TestDoor) async -> FailedHandshake? {
        while door.recorder.failedHandshakes.isEmpty { await Task.yield() }
        return door.recorder.failedHandshakes.first
    }

    @Test("redirects, and records scheme and version")
    func redirect() async throws {
        try await open { door, port, _ in
            let client = try await TLSClient.connect(port: port)
            try await client.send(Self.request)
            #expect(try await client.receiveAll().statuses == [302])
            #expect(door.recorder.drafts.first?.scheme == .https)
            #expect(door.recorder.drafts.first?.tlsVersion == .tls13)
            #expect(door.recorder.failedHandshakes.isEmpty)
        }
    }

    @Test("gives each client the certificate that it can use, and speaks old suites with those who have no other")
    func certificates() async throws {
        try await open { door, port, _ in
            let modern = try await TLSClient.connect(port: port)
            let old = try await TLSClient.connect(port: port, rsaOnly: true)
            let ecdsa = try await modern.certificate()
            let rsa = try await old.certificate()
            #expect(ecdsa != rsa)
            // An RSA-2048 key alone is longer than a whole P-256 certificate.
            #expect(rsa.count > ecdsa.count + 256)
            try await old.send(Self.request)
            #expect(try await old.receiveAll().statuses == [302])
            #expect(door.recorder.drafts.first?.tlsVersion == .tls12)
        }
    }

    @Test("takes new certificates for new connections, and keeps the old ones when the new are broken")
    func reload() async throws {
        try await open { door, port, folder in
            let before = try await TLSClient.connect(port: port)
            #expect(try door.door.reloadCertificates() == false)
            let other = try TemporaryFolder()
            _ = try SelfSignedPair.make(in: other.path)
            for name in try #require(Files.names(in: other.path)) {
                let text = String(decoding: try Files.read("\(other.path)/\(name)", limit: 100_000), as: UTF8.self)
                try Files.write(text, to: "\(folder.path)/\(name)", mode: 0o600)
            }
            #expect(try door.door.reloadCertificates())
            await door.door.waitForChanges()
            let after = try await TLSClient.connect(port: port)
            let old = try await before.certificate()
            let new = try await after.certificate()
            #expect(old != new)

            try Files.write("nonsense", to: "\(folder.path)/self-signed-rsa.crt", mode: 0o600)
            #expect(throws: TLSError.self) { try door.door.reloadCertificates() }
            #expect(try await TLSClient.connect(port: port).certificate() == new)
            try await before.send(Self.request)
            #expect(try await before.receiveAll().statuses == [302])
        }
    }

    @Test("tells who speaks HTTP to the HTTPS port what is wrong")
    func plainHTTP() async throws {
        try await open { door, port, _ in
            let client = try RawClient(port: port)
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            client.finishSending()
            let answer = try await client.receiveAll()
            #expect(answer.statuses == [400])
            #expect(answer.contains("this port speaks HTTPS"))
            #expect(await firstFailure(door)?.reason == "not-tls")
        }
    }

    @Test("notes a connection that ends before its ClientHello, and one that sends none in time")
    func noHello() async throws {
        try await open { door, port, _ in
            try RawClient(port: port).finishSending()
            #expect(await firstFailure(door) == FailedHandshake(reason: "end-of-input", serverName: nil, offeredVersion: nil))
        }
        try await open(configure: { $0.limits.clientHello = .milliseconds(50) }) { door, port, _ in
            let client = try RawClient(port: port)
            try client.send([22, 3, 1])
            #expect(try await client.receiveAllUnlessReset() == "")
            #expect(await firstFailure(door)?.reason == "hello-timeout")
        }
    }

    @Test("notes a handshake that never ends, with what the client offered")
    func handshakeTimeout() async throws {
        try await open(configure: { $0.limits.handshake = .milliseconds(500) }) { door, port, _ in
            let client = try RawClient(port: port)
            let hello = HelloBuilder(
                suites: [0xC02F], groups: [23], signatures: [0x0804, 0x0401], serverName: "gateway.example"
            )
            // Byte by byte, in records of 40 bytes.
            for byte in hello.records(of: 40) { try client.send([byte]) }
            while !(try await client.receiveSome().isEmpty) {}
            #expect(
                await firstFailure(door)
                    == FailedHandshake(reason: "handshake-timeout", serverName: "gateway.example", offeredVersion: "1.2")
            )
        }
    }

    @Test(
        "notes why a handshake fails",
        arguments: [
            (HelloBuilder(suites: [0x000A], groups: [23]), "no-shared-cipher"),
            (HelloBuilder(legacyVersion: 0x0301, suites: [0x002F]), "unsupported-version"),
            (HelloBuilder(suites: [0xC02F], groups: [23], serverName: "a"), "client-alert"),
        ]
    )
    func failures(hello: HelloBuilder, reason: String) async throws {
        try await open { door, port, _ in
            let client = try RawClient(port: port)
            try client.send(hello.records())
            if reason == "client-alert" {
                // Once the server has answered: what arrives after it has closed is answered by a reset, and this is about its farewell.
                #expect(try await !client.receiveSome().isEmpty)
                // A fatal alert: internal_error.
                try client.send([21, 3, 3, 0, 2, 2, 80])
            }
            while !(try await client.receiveSome().isEmpty) {}
            #expect(await firstFailure(door)?.reason == reason)
        }
    }

    @Test("measures a probe's handshake that fails, and does not note it")
    func failedProbe() async throws {
        try await open { door, port, _ in
            let client = try RawClient(port: port)
            try client.send(HelloBuilder(legacyVersion: 0x0301, sessionID: "porter-probe", suites: [0x002F]).records())
            while !(try await client.receiveSome().isEmpty) {}
            var failures: [HandshakeFailure: Int] = [:]
            while failures.isEmpty {
                let measures = try #require(await door.door.measures())
                failures = measures.failedHandshakes.filter { $0.value > 0 }
            }
            #expect(failures == [.unsupportedVersion: 1])
            #expect(door.recorder.failedHandshakes.isEmpty)
        }
    }

    @Test("closes as soon as the client has ended, with or without a farewell", arguments: [true, false])
    func rudeClient(endsFirst: Bool) async throws {
        let recorder = MemoryRecorder(endsFirst ? .holding : .committing)
        try await open(recorder) {
            // Beyond the test's end: that the connection closes shows that nobody waits for it.
            $0.limits.tlsFarewell = .hours(1)
        } _: { _, port, _ in
            let client = try await TLSClient.connect(port: port, answersFarewell: false)
            try await client.send(Self.request)
            if endsFirst {
                while recorder.drafts.isEmpty { await Task.yield() }
                try await client.finishSending()
                recorder.release(.committed)
            } else {
                while try await client.received().readableBytes == 0 { await Task.yield() }
                try await client.finishSending()
            }
            #expect(try await client.receiveAll().statuses == [302])
        }
    }

    @Test("closes an HTTP/2 connection whose client has ended without a farewell")
    func rudeHTTP2Client() async throws {
        try await open {
            $0.limits.tlsFarewell = .hours(1)
        } _: { _, port, _ in
            let client = try await RawHTTP2Client.connect(port: port, answersFarewell: false)
            try await client.ask(stream: 1, path: Array("/healthz".utf8))
            #expect(try await client.hears(RawHTTP2Client.Frame.headers, stream: 1))
            try await client.finishSending()
            try await client.waitUntilClosed()
        }
    }

    @Test("stops in time with a handshake that never ends")
    func shutdown() async throws {
        try await open { door, port, _ in
            let silent = try RawClient(port: port)
            let begun = try RawClient(port: port)
            try begun.send(HelloBuilder(suites: [0xC02F], groups: [23], signatures: [0x0804]).records())
            _ = try await begun.receiveSome()
            let idle = try await TLSClient.connect(port: port)
            // Neither the grace nor a limit ends within the test: that it returns shows that it waits for none of them.
            await door.door.shutdown(grace: .hours(1))
            #expect(try await silent.receiveAllUnlessReset() == "")
            #expect(try await idle.receiveAll() == "")
        }
    }
}

@Suite("Certificates")
struct CertificateTests {
    @Test("that sign themselves are made once, their keys for the owner alone")
    func selfSigned() throws {
        let folder = try TemporaryFolder()
        let made = try SelfSignedPair.make(in: folder.path, hosts: ["gateway.example", "192.0.2.1"])
        #expect(made.areNew)
        #expect(made.pairs.count == 2)
        for pair in made.pairs {
            #expect(folder.mode(of: pair.keyPath) == 0o600)
            #expect(folder.mode(of: pair.certificatePath) == 0o644)
        }
        let again = try SelfSignedPair.make(in: folder.path)
        #expect(!again.areNew)
        #expect(again.pairs == made.pairs)
    }

    @Test("that cannot be used are refused with the file and what to do")
    func errors() throws {
        let folder = try TemporaryFolder()
        let pairs = try SelfSignedPair.make(in: folder.path).pairs
        func message(_ pairs: [TLSSettings.Pair]) -> String {
            do {
                _ = try TLSIdentities.load(TLSSettings(pairs: pairs), farewell: .seconds(1))
                return ""
            } catch {
                return error.description
            }
        }
        #expect(message(pairs) == "")
        let swapped = TLSSettings.Pair(certificatePath: pairs[0].certificatePath, keyPath: pairs[1].keyPath)
        #expect(message([swapped]).contains("does not fit the certificate in \(pairs[0].certificatePath)"))
        let other = try TemporaryFolder()
        let foreign = try SelfSignedPair.make(in: other.path).pairs[0]
        let mixed = TLSSettings.Pair(certificatePath: pairs[0].certificatePath, keyPath: foreign.keyPath)
        #expect(message([mixed]).contains("does not fit"))
        #expect(message([pairs[0], foreign]).contains("second ECDSA certificate"))
        let noKey = TLSSettings.Pair(certificatePath: pairs[0].certificatePath, keyPath: pairs[0].certificatePath)
        #expect(message([noKey]).contains("holds no private key"))
        let noCertificate = TLSSettings.Pair(certificatePath: pairs[0].keyPath, keyPath: pairs[0].keyPath)
        #expect(message([noCertificate]).contains("holds no certificate"))
        let missing = TLSSettings.Pair(certificatePath: "\(folder.path)/none", keyPath: pairs[0].keyPath)
        #expect(message([missing]) == "cannot read \(folder.path)/none: No such file or directory")
        #expect(message([]).contains("--tls-certificate"))
    }
}
