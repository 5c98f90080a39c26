internal import Attribution
internal import Crypto
internal import GRDB
internal import GRDBSQLite

/// Makes a record's bytes and inserts its row: the hot path, prepared once, bound through SQLite's C interface, its buffers
/// used again for each record.
struct RecordInsertion {
    private let statement: Statement
    private let node: String
    private var salts: SaltPool
    private var personal: [UInt8] = []
    private var leaf: [UInt8] = []

    init(_ database: Database, node: String, salts: SaltPool) throws {
        statement = try database.makeStatement(
            sql: "INSERT INTO record (seq, leaf, hash, listed, salt, personal) VALUES (?, ?, ?, ?, ?, ?)"
        )
        self.node = node
        self.salts = salts
    }

    mutating func insert(_ draft: RecordDraft, sequence: Int64, visitor: Visitor?, isRepeat: Bool) throws {
        let completion = RecordCompletion(sequence: sequence, node: node, visitor: visitor?.hex, isRepeat: isRepeat)
        personal.removeAll(keepingCapacity: true)
        draft.appendPersonalJSON(visitor: completion.visitor, to: &personal)
        let salt = salts.take()
        var personalHash = SHA256()
        salt.withUnsafeBytes { personalHash.update(bufferPointer: $0) }
        personal.withUnsafeBytes { personalHash.update(bufferPointer: $0) }
        leaf.removeAll(keepingCapacity: true)
        personalHash.finalize().withUnsafeBytes { draft.appendLeafJSON(completion, personal: $0, to: &leaf) }
        try step(sequence: sequence, hash: LeafHash.of(leaf), listed: draft.partnerIsListed, salt: salt)
    }

    private func step(sequence: Int64, hash: SHA256.Digest, listed: Bool, salt: ArraySlice<UInt8>) throws {
        let handle = statement.sqliteStatement
        // The bytes are bound without a copy: they live until the row is written.
        let code = leaf.withUnsafeBytes { leaf in
            hash.withUnsafeBytes { hash in
                salt.withUnsafeBytes { salt in
                    personal.withUnsafeBytes { personal in
                        sqlite3_bind_int64(handle, 1, sequence)
                        sqlite3_bind_blob(handle, 2, leaf.baseAddress, Int32(leaf.count), nil)
                        sqlite3_bind_blob(handle, 3, hash.baseAddress, Int32(hash.count), nil)
                        sqlite3_bind_int64(handle, 4, listed ? 1 : 0)
                        sqlite3_bind_blob(handle, 5, salt.baseAddress, Int32(salt.count), nil)
                        sqlite3_bind_blob(handle, 6, personal.baseAddress, Int32(personal.count), nil)
                        let code = sqlite3_step(handle)
                        sqlite3_reset(handle)
                        return code
                    }
                }
            }
        }
        guard code == SQLITE_DONE else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
    }
}

/// The hash of a leaf in the Merkle tree (RFC 6962, section 2.1): SHA-256 of a zero byte and the leaf.
enum LeafHash {
    static func of(_ leaf: [UInt8]) -> SHA256.Digest {
        var hash = SHA256()
        withUnsafeBytes(of: 0 as UInt8) { hash.update(bufferPointer: $0) }
        leaf.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return hash.finalize()
    }
}
