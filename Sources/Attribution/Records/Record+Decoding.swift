extension Record {
    /// Reads a record back from its leaf and its personal JSON (nil once erased).
    ///
    /// - Returns: nil when either is not a flat JSON object of known fields, as ``RecordDraft`` writes them.
    package init?(leaf: [UInt8], personal: [UInt8]?) {
        self.init()
        guard read(leaf, isLeaf: true) else { return nil }
        if let personal, !read(personal, isLeaf: false) { return nil }
    }

    /// Reads the personal fields alone.
    ///
    /// - Returns: nil as above.
    package init?(personal: [UInt8]) {
        self.init()
        guard read(personal, isLeaf: false) else { return nil }
    }

    private mutating func read(_ json: [UInt8], isLeaf: Bool) -> Bool {
        if readPlain(json, isLeaf: isLeaf) { return true }
        var reader = FlatJSONReader(json)
        while let (key, value) = reader.nextMember() {
            if let field = RecordField(rawValue: key), field.isPersonal != isLeaf {
                self[field] = value
            } else if !(isLeaf && (key == "v" || key == "personal")) {
                return false
            }
        }
        return reader.isFinished
    }
}
