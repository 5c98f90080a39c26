internal import Attribution
internal import Crypto
internal import GRDB
internal import GRDBSQLite

/// Makes records' bytes and inserts their rows: the hot path, prepared once, bound through SQLite's C interface.
///
/// Rows are gathered and inserted several by one statement, within which SQLite stays at the end of the table instead of
/// looking for it again with each row. ``finish()`` inserts those that are left.
struct RecordInsertion {
    /// How many rows statements insert, the largest first. More by one statement gain next to nothing: most of what a row then
    /// costs is writing it.
    private static let statementRows = [16, 4, 1]

    private let database: Database
    /// By ``statementRows``.
    private let statements: [Statement]
    private let node: String
    private var salts: SaltPool
    /// What the gathered rows consist of, one behind the other; used again for the next ones.
    private var bytes: [UInt8] = []
    private var rows: [RecordRow] = []

    init(_ database: Database, node: String, salts: SaltPool) throws {
        self.database = database
        statements = try Self.statementRows.map { try database.makeStatement(sql: RecordRow.insertion(rows: $0)) }
        self.node = node
        self.salts = salts
    }

    /// Forgets what an earlier transaction gathered and did not insert.
    mutating func begin() {
        bytes.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
    }

    mutating func insert(
        _ draft: some LedgerEntry, sequence: Int64, visitor: Visitor?, isRepeat: Bool
    ) throws {
        let completion = RecordCompletion(sequence: sequence, node: node, visitor: visitor?.hex, isRepeat: isRepeat)
        // Salt and personal JSON lie together, and so do the leaf and the zero byte of its hash: each is hashed in one go.
        let start = bytes.count
        salts.append(to: &bytes)
        draft.appendPersonalJSON(visitor: completion.visitor, to: &bytes)
        let personalEnd = bytes.count
        let personalHash = hash(from: start)
        bytes.append(LeafHash.prefix)
        personalHash.withUnsafeBytes { draft.appendLeafJSON(completion, personal: $0, to: &bytes) }
        let leafEnd = bytes.count
        hash(from: personalEnd).withUnsafeBytes { bytes.append(contentsOf: $0) }
        rows.append(
            RecordRow(
                sequence: sequence, isListed: draft.partnerIsListed, start: start, personalEnd: personalEnd, leafEnd: leafEnd))
        if rows.count == Self.statementRows[0] { try insertGathered() }
    }

    /// Inserts the rows that are still gathered.
    mutating func finish() throws {
        if !rows.isEmpty { try insertGathered() }
    }

    /// SHA-256 of what was appended since.
    private func hash(from start: Int) -> SHA256.Digest {
        bytes.withUnsafeBytes { SHA256.hash(of: UnsafeRawBufferPointer(rebasing: $0[start...])) }
    }

    private mutating func insertGathered() throws {
        // The bytes are bound without a copy: they live until the rows are written.
        try bytes.withUnsafeBytes { bytes in
            var next = 0
            for (count, statement) in zip(Self.statementRows, statements) {
                while rows.count - next >= count {
                    for place in 0..<count { rows[next + place].bind(to: statement, at: place, bytes) }
                    try database.step(statement)
                    next += count
                }
            }
        }
        begin()
    }
}

/// Where in a buffer the parts of a row lie: salt, personal JSON, the byte that a leaf's hash begins with, leaf, leaf hash.
private struct RecordRow {
    let sequence: Int64
    let isListed: Bool
    let start: Int
    let personalEnd: Int
    let leafEnd: Int

    private static let columns = 6

    /// Whatever goes wrong undoes the whole transaction, so that SQLite need not be able to undo the statement alone.
    static func insertion(rows: Int) -> String {
        let values = repeatElement("(?, ?, ?, ?, ?, ?)", count: rows).joined(separator: ", ")
        return "INSERT OR ROLLBACK INTO record (seq, leaf, hash, listed, salt, personal) VALUES \(values)"
    }

    /// - Parameter place: which of the statement's rows this is, from 0.
    func bind(to statement: Statement, at place: Int, _ bytes: UnsafeRawBufferPointer) {
        let handle = statement.sqliteStatement
        let first = Int32(place * Self.columns)
        func bind(_ column: Int32, _ range: Range<Int>) {
            let result = sqlite3_bind_blob(
                handle, first + column, bytes.baseAddress! + range.lowerBound, Int32(range.count), nil)
            // Else the row would be written with what an earlier one had bound.
            precondition(result == SQLITE_OK, "a value of a record could not be bound: SQLite says \(result)")
        }
        let saltEnd = start + SaltPool.saltByteCount
        sqlite3_bind_int64(handle, first + 1, sequence)
        bind(2, personalEnd + 1..<leafEnd)
        bind(3, leafEnd..<leafEnd + SHA256.byteCount)
        sqlite3_bind_int64(handle, first + 4, isListed ? 1 : 0)
        bind(5, start..<saltEnd)
        bind(6, saltEnd..<personalEnd)
    }
}

/// The hash of a leaf in the Merkle tree (RFC 6962, section 2.1): SHA-256 of a zero byte and the leaf.
enum LeafHash {
    static let prefix: UInt8 = 0

    static func of(_ leaf: [UInt8]) -> SHA256.Digest {
        var hash = SHA256()
        withUnsafeBytes(of: prefix) { hash.update(bufferPointer: $0) }
        leaf.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return hash.finalize()
    }
}

extension SHA256 {
    /// The hash of bytes that lie together.
    static func hash(of bytes: UnsafeRawBufferPointer) -> Digest {
        var hash = SHA256()
        hash.update(bufferPointer: bytes)
        return hash.finalize()
    }
}
