extension Record {
    /// Reads a record back from its leaf and its personal JSON (nil once erased).
    ///
    /// - Returns: nil when either is not canonical JSON of known fields.
    package init?(leaf: [UInt8], personal: [UInt8]?) {
        fatalError("being written")
    }
}
