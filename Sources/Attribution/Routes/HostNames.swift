/// Host names that the operator wrote down, to be compared with what visitors send.
struct HostNames: Sendable {
    private let names: [String]
    private let keys: [[UInt8]]

    /// - Parameter names: normalised (``HostName``).
    init(_ names: [String]) {
        self.names = names
        keys = names.map { Array($0.utf8) }
    }

    var isEmpty: Bool { names.isEmpty }

    /// The name that a host is, ASCII case not regarded.
    func find(_ host: Span<UInt8>) -> String? {
        for (name, key) in zip(names, keys) where host.isEqual(toLowercase: key.span) { return name }
        return nil
    }
}
