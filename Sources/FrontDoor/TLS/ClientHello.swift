import Attribution

/// What a TLS client offers (RFC 8446, section 4.1.2; RFC 5246, section 7.4.1.2).
struct ClientHello: Equatable {
    enum Version: UInt16, Comparable, CaseIterable {
        case tls10 = 0x0301
        case tls11 = 0x0302
        case tls12 = 0x0303
        case tls13 = 0x0304

        static func < (left: Version, right: Version) -> Bool { left.rawValue < right.rawValue }

        var text: String {
            switch self {
            case .tls10: "1.0"
            case .tls11: "1.1"
            case .tls12: "1.2"
            case .tls13: "1.3"
            }
        }
    }

    /// The field in the message's body: at most 0x0303 from TLS 1.3 clients, who say the rest in `supported_versions`.
    var legacyVersion: UInt16
    /// nil without the extension.
    var supportedVersions: [UInt16]?
    var cipherSuites: [UInt16]
    /// nil without the extension.
    var supportedGroups: [UInt16]?
    /// nil without the extension.
    var signatureAlgorithms: [UInt16]?
    /// In lower case; nil without the extension, and for what is no host name.
    var serverName: String?
    /// Whether it is one of `porter probe`, which is no sign-up even when it fails.
    var isProbe = false

    /// The highest version offered that is known; nil when there is none.
    var highestVersion: Version? {
        if let supportedVersions {
            return supportedVersions.compactMap(Version.init(rawValue:)).max()
        }
        // A later version than any we know would be met with the highest we know.
        return Version(rawValue: min(legacyVersion, Version.tls12.rawValue))
    }
}

extension ClientHello {
    private enum Extension {
        static let serverName: UInt16 = 0
        static let supportedGroups: UInt16 = 10
        static let signatureAlgorithms: UInt16 = 13
        static let supportedVersions: UInt16 = 43
    }

    /// The session ID that `porter probe` sends; whoever else sends it asks for no session of ours.
    private static let probeSession = Array("porter-probe".utf8)

    /// Reads the body of the handshake message, its header of four bytes left out; nil when it is malformed. What lies behind
    /// the extensions, and extensions we don't ask, are passed over: BoringSSL will judge them.
    init?(body: ArraySlice<UInt8>) {
        var rest = TLSBytes(body)
        guard let version = rest.takeUInt16(), rest.take(32) != nil,
            let session = rest.takeVector(lengthBytes: 1)?.bytes,
            let suites = rest.takeVector(lengthBytes: 2)?.uint16List,
            rest.takeVector(lengthBytes: 1) != nil
        else { return nil }
        legacyVersion = version
        cipherSuites = suites
        isProbe = session.elementsEqual(Self.probeSession)
        // SSL 3 clients, and some TLS 1.0 ones, end here.
        guard !rest.isEmpty else { return }
        guard var extensions = rest.takeVector(lengthBytes: 2) else { return nil }
        while !extensions.isEmpty {
            guard let type = extensions.takeUInt16(), let data = extensions.takeVector(lengthBytes: 2), note(type, data)
            else { return nil }
        }
    }

    /// false for a malformed extension.
    private mutating func note(_ type: UInt16, _ data: TLSBytes) -> Bool {
        var data = data
        switch type {
        case Extension.serverName:
            guard let name = Self.serverName(in: data) else { return true }
            serverName = name
        case Extension.supportedGroups:
            guard let list = data.takeVector(lengthBytes: 2)?.uint16List else { return false }
            supportedGroups = list
        case Extension.signatureAlgorithms:
            guard let list = data.takeVector(lengthBytes: 2)?.uint16List else { return false }
            signatureAlgorithms = list
        case Extension.supportedVersions:
            guard let list = data.takeVector(lengthBytes: 1)?.uint16List else { return false }
            supportedVersions = list
        default: break
        }
        return true
    }

    /// RFC 6066, section 3: a list with one host name. It goes into records, so only what may be a host name is taken.
    private static func serverName(in data: TLSBytes) -> String? {
        var data = data
        guard var list = data.takeVector(lengthBytes: 2), list.takeUInt8() == 0,
            let name = list.takeVector(lengthBytes: 2)?.bytes, (1...253).contains(name.count),
            name.allSatisfy({ $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") })
        else { return nil }
        return String(decoding: name.map(\.asciiLowercased), as: UTF8.self)
    }
}

/// Takes TLS's numbers and vectors off the front of bytes (RFC 8446, section 3).
struct TLSBytes {
    private(set) var bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    var isEmpty: Bool { bytes.isEmpty }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard bytes.count >= count else { return nil }
        defer { bytes = bytes.dropFirst(count) }
        return bytes.prefix(count)
    }

    mutating func takeUInt8() -> UInt8? { take(1)?.first }

    mutating func takeUInt16() -> UInt16? { takeNumber(bytes: 2).map { UInt16($0) } }

    mutating func takeVector(lengthBytes: Int) -> TLSBytes? {
        guard let length = takeNumber(bytes: lengthBytes) else { return nil }
        return take(length).map(TLSBytes.init)
    }

    /// A number of one or two bytes.
    private mutating func takeNumber(bytes count: Int) -> Int? {
        guard bytes.count >= count else { return nil }
        var number = 0
        for index in bytes.startIndex..<bytes.startIndex + count { number = number << 8 | Int(bytes[index]) }
        bytes = bytes.dropFirst(count)
        return number
    }

    /// nil for an odd number of bytes.
    var uint16List: [UInt16]? {
        guard bytes.count.isMultiple(of: 2) else { return nil }
        return bytes.withUnsafeBytes { bytes in
            [UInt16](unsafeUninitializedCapacity: bytes.count / 2) { list, count in
                while count < bytes.count / 2 {
                    let number = bytes.loadUnaligned(fromByteOffset: 2 * count, as: UInt16.self)
                    list.initializeElement(at: count, to: UInt16(bigEndian: number))
                    count += 1
                }
            }
        }
    }
}
