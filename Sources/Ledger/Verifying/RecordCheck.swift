internal import Attribution
internal import Crypto

/// What can be said of one record by itself.
enum RecordCheck {
    /// - Returns: the record's fields and how it counts, as far as they can be read.
    static func check(
        _ stored: StoredRecord,
        report: inout VerifyReport
    ) -> (receipt: Receipt, counted: CountedRecord)? {
        let sequence = stored.sequence
        if !stored.hash.elementsEqual(LeafHash.of(stored.leaf)) {
            report.add(.hash, sequence, "the leaf does not have the hash that is stored with it")
        }
        guard let record = Attribution.Record(leaf: stored.leaf, personal: nil) else {
            report.add(.unreadable, sequence, "the leaf is not canonical JSON of known fields")
            return nil
        }
        if record.number(.sequence) != sequence {
            report.add(.misplaced, sequence, "the leaf says seq \(record.number(.sequence).map(String.init) ?? "nothing")")
        }
        checkPersonal(stored, report: &report)
        guard let counted = CountedRecord(record, partnerIsListed: stored.partnerIsListed) else {
            report.add(.unreadable, sequence, "the leaf lacks a field, or a field has no known value")
            return nil
        }
        guard let receipt = record.text(.receipt).flatMap({ Receipt($0) }), record.text(.receipt) == receipt.description else {
            report.add(.receipt, sequence, "the receipt is none")
            return nil
        }
        if receipt.time.milliseconds != counted.time.milliseconds {
            report.add(.receipt, sequence, "the receipt was not made at the time of the record")
        }
        return (receipt, counted)
    }

    private static func checkPersonal(_ stored: StoredRecord, report: inout VerifyReport) {
        guard let salt = stored.salt, let personal = stored.personal else {
            if stored.salt != nil || stored.personal != nil {
                report.add(.personal, stored.sequence, "only one of salt and personal fields is erased")
            }
            report.erased += 1
            return
        }
        var hash = SHA256()
        hash.update(data: salt)
        hash.update(data: personal)
        var hex: [UInt8] = []
        hash.finalize().withUnsafeBytes { hex.appendHex($0) }
        // The leaf is canonical: nothing but the field can read like this.
        let needle = Array("\"personal\":\"".utf8) + hex + [UInt8(ascii: "\"")]
        if stored.leaf.withUnsafeBytes({ $0.firstIndex(of: needle) }) == nil {
            report.add(.personal, stored.sequence, "the personal fields do not have the hash that the leaf holds")
        } else if Attribution.Record(personal: personal) == nil {
            report.add(.personal, stored.sequence, "the personal fields are not canonical JSON of known fields")
        }
    }
}
