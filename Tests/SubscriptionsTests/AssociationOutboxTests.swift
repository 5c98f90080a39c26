import Attribution
import GRDB
import KeptLogs
import Office
import Synchronization
import Testing

@testable import Subscriptions

/// A ledger in memory that can fail, and an office that can.
private final class Places: Sendable {
    struct Failed: Error {}

    let office: Office
    let clock = TestClock("2016-11-05T08:00:10Z")
    let log = KeptLog()
    private let state = Mutex(State())

    private struct State {
        var receipts: [Receipt] = []
        var portions: [Int] = []
        var lookUps = 0
        var takes = true
        /// It has them, and says that it has not.
        var denies = false
        var marks = true
    }

    init(_ office: Office) { self.office = office }

    var receipts: [Receipt] { state.withLock { $0.receipts } }
    var portions: [Int] { state.withLock { $0.portions } }
    var lookUps: Int { state.withLock { $0.lookUps } }

    func set(takes: Bool = true, denies: Bool = false, marks: Bool = true) {
        state.withLock { ($0.takes, $0.denies, $0.marks) = (takes, denies, marks) }
    }

    /// As a process has one: each stands for a start.
    func outbox() -> AssociationOutbox {
        let clock = clock
        return AssociationOutbox(
            unrecorded: { try self.office.unrecordedAssociations(limit: AssociationOutbox.portion) },
            isInLedger: { receipt in
                self.state.withLock { state in
                    state.lookUps += 1
                    return state.receipts.contains(receipt)
                }
            },
            append: { drafts in
                self.state.withLock { state in
                    guard state.takes else { return false }
                    state.receipts += drafts.map(\.receipt)
                    state.portions.append(drafts.count)
                    return !state.denies
                }
            },
            markRecorded: { recorded in
                guard self.state.withLock({ $0.marks }) else { throw Failed() }
                try self.office.markRecorded(recorded)
            },
            backlog: { try self.office.associationBacklog() },
            now: { clock.now }, logger: log.logger)
    }
}

@Suite("Changes that the ledger has not recorded yet")
struct AssociationOutboxTests {
    private let places: Places
    private var office: Office { places.office }

    init() throws {
        places = Places(try Office.withPartners())
        try places.office.tell(.sample("e-1"))
    }

    private var changes: [Receipt] {
        get throws { try office.associations(of: "sub-1", limit: 1_000).reversed().map(\.receipt) }
    }

    @Test("are handed over in their order, and marked")
    func handedOver() async throws {
        for _ in 0..<3 {
            try office.set("1234567")
            try office.remove()
        }
        #expect(await places.outbox().drain())
        #expect(try places.receipts == changes && places.portions == [6])
        #expect(try office.associations(of: "sub-1", limit: 10).allSatisfy(\.isRecorded))
        #expect(try office.unrecordedAssociations(limit: 10).entries.isEmpty)
    }

    @Test("stand while the ledger can't commit, and follow")
    func ledgerFails() async throws {
        let outbox = places.outbox()
        places.set(takes: false)
        try office.set("1234567")
        #expect(await !outbox.drain())
        #expect(try office.subscription("sub-1")?.association != nil)
        try office.set("2345678")
        places.set()
        #expect(await outbox.drain())
        #expect(try places.receipts == changes && places.portions == [2])
    }

    @Test("are recorded once when the process ended between ledger and mark, and at the next start when it ended before")
    func crash() async throws {
        try office.set("1234567")
        places.set(marks: false)
        #expect(await !places.outbox().drain())
        #expect(try places.receipts == changes)
        // Another change, which the ledger was not handed before the end.
        try office.set("2345678")
        places.set()
        #expect(await places.outbox().drain())
        #expect(try places.receipts == changes && places.portions == [1, 1])
        #expect(try office.unrecordedAssociations(limit: 10).entries.isEmpty)
    }

    @Test("are recorded once when the marks could not be written and the process went on")
    func markFails() async throws {
        let outbox = places.outbox()
        #expect(await outbox.drain())
        try office.set("1234567")
        places.set(marks: false)
        #expect(await !outbox.drain())
        places.set()
        #expect(await outbox.drain())
        #expect(try places.receipts == changes)
    }

    @Test("are recorded once when the ledger has them and said that it could not commit them")
    func denied() async throws {
        let outbox = places.outbox()
        #expect(await outbox.drain())
        try office.set("1234567")
        places.set(denies: true)
        #expect(await !outbox.drain())
        places.set()
        #expect(await outbox.drain())
        #expect(try places.receipts == changes)
    }

    @Test("are recorded once however many ask at once, also when they are more than a portion")
    func manyAtOnce() async throws {
        for _ in 0..<150 {
            try office.set("1234567")
            try office.remove()
        }
        let outbox = places.outbox()
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 { group.addTask { await outbox.drain() } }
            for await isDone in group { #expect(isDone) }
        }
        #expect(try places.receipts == changes && places.portions == [200, 100])
        // What can't be in the ledger is not looked up there.
        #expect(places.lookUps == 200)
    }

    @Test("are told of in the log: at once, once a minute while they wait, and when the ledger has them")
    func told() async throws {
        let outbox = places.outbox()
        #expect(await outbox.drain())
        #expect(places.log.lines.isEmpty)
        try office.set("1234567")
        places.set(takes: false)
        #expect(await !outbox.drain())
        let first = "error: changes of partners of record wait for the ledger, error=the ledger could not commit them"
        #expect(places.log.lines == [first + ", oldest_seconds=10, waiting=1"])
        try office.set("2345678")
        for seconds in [0, 59] as [Int64] {
            places.clock.advance(seconds: seconds)
            #expect(await !outbox.drain())
            #expect(places.log.lines.count == 1)
        }
        places.clock.advance(seconds: 1)
        #expect(await !outbox.drain())
        #expect(places.log.lines.dropFirst() == [first + ", oldest_seconds=70, waiting=2"])
        places.set()
        #expect(await outbox.drain())
        #expect(await outbox.drain())
        #expect(places.log.lines.dropFirst(2) == ["info: the ledger has all changes of partners of record again"])
        // Another time is another time.
        try office.remove()
        places.set(marks: false)
        #expect(await !outbox.drain())
        #expect(places.log.lines.count == 4 && places.log.lines[3].contains("error=Failed()"))
    }

    @Test(
        "that can't be read keep those of no other subscription from the ledger, wait, and are told of",
        arguments: [
            ("association", "origin = 'nobody'", "origin = 'admin'"),
            ("association", "evidence = NULL", "evidence = 'digital'"),
            ("association", "partner = 0", "partner = 1234567"),
            ("subscription", "product = 'none'", "product = 'office-365'"),
        ])
    func damaged(table: String, damage: String, mended: String) async throws {
        let row = table == "association" ? "subscription = 'sub-1' AND number = 1" : "id = 'sub-1'"
        try office.tell(.sample("e-2", [.id: "sub-2"]))
        for partner in ["1234567", "2345678"] {
            for id in ["sub-1", "sub-2"] { try office.set(partner, of: id) }
        }
        let receipts = try ["sub-2", "sub-1"].flatMap { try office.associations(of: $0, limit: 10).reversed().map(\.receipt) }
        try office.writeUnnoted { try $0.execute(sql: "UPDATE \(table) SET \(damage) WHERE \(row)") }
        #expect(try office.unrecordedAssociations(limit: 1).entries.map(\.draft.receipt) == [receipts[0]])

        let outbox = places.outbox()
        #expect(await !outbox.drain())
        #expect(places.receipts == Array(receipts.prefix(2)))
        #expect(try office.associationBacklog() == AssociationBacklog(changes: 2, oldest: Moment.later))
        let line = try #require(places.log.lines.first)
        #expect(line.contains("error=sub-1, change 1: ") && line.hasSuffix("waiting=2"))
        #expect(places.log.lines.count == 1)
        // Another portion goes around it as well.
        try office.remove(of: "sub-2")
        #expect(await !outbox.drain())
        #expect(places.receipts.count == 3)

        try office.writeUnnoted { try $0.execute(sql: "UPDATE \(table) SET \(mended) WHERE \(row)") }
        #expect(await outbox.drain())
        #expect(places.receipts.suffix(2) == receipts.suffix(2))
        #expect(try office.associationBacklog() == AssociationBacklog(changes: 0, oldest: nil))
        #expect(places.log.lines.last?.hasPrefix("info: ") == true)
    }
}
