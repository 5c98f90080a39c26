extension RecordDraft {
    /// Appends the personal fields as canonical JSON (RFC 8785), absent ones left out: what `personal` in the leaf is the salted hash of.
    package func appendPersonalJSON(visitor: String?, to json: inout [UInt8]) {
        fatalError("being written")
    }

    /// Appends the leaf as canonical JSON (RFC 8785).
    ///
    /// - Parameter personal: SHA-256 of salt and personal JSON, 32 bytes.
    package func appendLeafJSON(_ completion: RecordCompletion, personal: some Sequence<UInt8>, to json: inout [UInt8]) {
        fatalError("being written")
    }
}
