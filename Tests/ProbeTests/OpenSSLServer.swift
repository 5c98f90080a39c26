import Foundation
import Glibc

/// `openssl s_server` on a free port of loopback, with certificates made on the spot.
final class OpenSSLServer: Sendable {
    enum Certificate: String, CaseIterable {
        case rsa
        case ecdsa
    }

    let port: Int
    private let process: Process
    private let folder: URL
    private let input = Pipe()

    struct Failure: Error {
        let message: String
    }

    /// - Parameter answer: the whole answer to whatever is asked; nil leaves the client waiting.
    init(certificates: [Certificate], options: [String] = [], answer: String? = nil) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "porter-probe-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var arguments = ["s_server", "-accept", "127.0.0.1:0", "-naccept", "8"]
        for (index, certificate) in certificates.enumerated() {
            try Self.make(certificate, in: folder)
            let prefix = index == 0 ? "-" : "-d"
            arguments += [prefix + "cert", folder.appending(path: "\(certificate).pem").path]
            arguments += [prefix + "key", folder.appending(path: "\(certificate).key").path]
        }
        if let answer {
            try Data(answer.utf8).write(to: folder.appending(path: "answer"))
            arguments.append("-HTTP")
        }
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.currentDirectoryURL = folder
        process.standardInput = input
        process.standardError = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        process.arguments = arguments + options
        try process.run()
        port = try Self.port(announcedOn: output.fileHandleForReading)
        // s_server goes on talking; nobody listens, and a full pipe would stop it.
        output.fileHandleForReading.readabilityHandler = { handle in
            if handle.availableData.isEmpty { handle.readabilityHandler = nil }
        }
    }

    deinit {
        // Worker threads block SIGTERM, and their children inherit that: only SIGKILL ends one for sure.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    /// The `ACCEPT 127.0.0.1:12345` that s_server prints once it listens.
    private static func port(announcedOn handle: FileHandle) throws -> Int {
        var text = ""
        while true {
            let data = handle.availableData
            guard !data.isEmpty else { throw Failure(message: "s_server ended: \(text)") }
            text += String(decoding: data, as: UTF8.self)
            for line in text.split(separator: "\n").dropLast(text.hasSuffix("\n") ? 0 : 1) where line.hasPrefix("ACCEPT") {
                if let port = line.split(separator: ":").last.flatMap({ Int($0) }) { return port }
            }
        }
    }

    private static func make(_ certificate: Certificate, in folder: URL) throws {
        let key = certificate == .rsa ? ["rsa:2048"] : ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments =
            ["req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-newkey"] + key + [
                "-keyout", folder.appending(path: "\(certificate).key").path,
                "-out", folder.appending(path: "\(certificate).pem").path,
            ]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(message: "no certificate could be made") }
    }
}
