/// What a registry export says of the keys near the one that the module reads. Of the others it only counts how many there are.
package struct RegistryExport: Sendable {
    /// A key that the export sets or deletes.
    struct Key: Equatable, Sendable {
        /// As the export writes it.
        let path: String
        let place: KeyPlace
        /// Whether the export deletes the key, and sets nothing in it afterwards.
        var isDeleted = false
        /// In the order of the export, each name once.
        var values: [Value] = []
    }

    struct Value: Equatable, Sendable {
        /// Empty for the key's default value.
        let name: String
        /// nil when the export deletes the value.
        var data: RegistryData?
    }

    /// A line that nothing can be made of.
    struct Problem: Equatable, Sendable {
        /// From 1.
        let line: Int
        let message: String
    }

    /// Bytes of a file. The key by itself takes a kilobyte; whoever exported a whole branch can still have it read.
    package static let maximumBytes = 64 << 20
    /// Bytes of one value, as text; far more than a URL has.
    static let maximumValueBytes = 65_536
    /// Lines over which one text in quotes may go on.
    static let maximumTextLines = 64
    static let maximumKeys = 1_000
    static let maximumValues = 1_000
    static let maximumProblems = 20

    /// Near the one that the module reads.
    var keys: [Key] = []
    /// Of all keys.
    package internal(set) var keyCount = 0
    /// Within the keys that are kept, the first ones.
    var problems: [Problem] = []

    /// Where the last key or value begins that has no end, a line from 1; nil when the file is whole, as far as can be seen.
    var cutLine: Int?

    /// Reads what `regedit` and `reg export` write: `Windows Registry Editor Version 5.00` or `REGEDIT4`, in UTF-16 of either
    /// byte order or UTF-8, with or without a byte order mark.
    ///
    /// - Throws: ``KitFault`` when the bytes are too many, or no export.
    package init(_ bytes: [UInt8]) throws(KitFault) {
        guard bytes.count <= Self.maximumBytes else {
            throw KitFault("it is larger than \(Self.maximumBytes) bytes; export the key \(MSOKey.path) alone")
        }
        var reader = try ExportReader(bytes)
        self = reader.read()
    }

    init() {}
}
