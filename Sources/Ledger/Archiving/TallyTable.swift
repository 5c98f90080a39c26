/// Adds tallies up by numbers. Where the numbers are few each has its place; else this is an open-addressed table without
/// removal. The standard dictionary takes four times as long, and a quarter of a year is millions of additions.
struct TallyTable {
    /// Empty where each number has its place.
    private var keys: [UInt64]
    private var tallies: [CounterTally]
    private var used: [Bool]
    private let isDirect: Bool
    private(set) var count = 0

    private static let fewestSlots = 1_024
    /// With more, the table would be too large for the processor's caches, and mostly empty.
    private static let mostDirect: UInt64 = 1 << 18
    /// An odd number near 2^64 divided by the golden ratio spreads neighbouring keys (Knuth, The Art of Computer Programming 3,
    /// section 6.4).
    private static let spread: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// - Parameter keys: all keys are smaller; nil when that is not known.
    init(keys bound: UInt64? = nil) {
        let direct = bound.flatMap { $0 <= Self.mostDirect ? Int($0) : nil }
        isDirect = direct != nil
        let slots = direct ?? Self.fewestSlots
        keys = isDirect ? [] : [UInt64](repeating: 0, count: slots)
        tallies = [CounterTally](repeating: CounterTally(), count: slots)
        used = [Bool](repeating: false, count: slots)
    }

    mutating func add(_ tally: CounterTally, to key: UInt64) {
        if !isDirect, count * 2 >= keys.count { grow() }
        let slot = isDirect ? Int(key) : slot(of: key)
        if !used[slot] {
            used[slot] = true
            if !isDirect { keys[slot] = key }
            count += 1
        }
        tallies[slot] += tally
    }

    /// Adds rows.
    ///
    /// - Parameters:
    ///   - columns: of ``CountColumn/tallies``, the bits of an `Int32` each.
    ///   - isWanted: which rows; nil for all.
    mutating func add(_ columns: [[UInt32]], to keys: [UInt64], onlyWhere isWanted: [Bool]?) {
        let (requests, visits, unique, attributed, adjusted) = (columns[0], columns[1], columns[2], columns[3], columns[4])
        func tally(_ row: Int) -> CounterTally {
            func number(_ bits: UInt32) -> Int64 { Int64(Int32(bitPattern: bits)) }
            return CounterTally(
                requests: number(requests[row]), visits: number(visits[row]), unique: number(unique[row]),
                attributed: number(attributed[row]), adjusted: number(adjusted[row]))
        }
        guard isDirect else {
            for row in keys.indices where isWanted?[row] ?? true { add(tally(row), to: keys[row]) }
            return
        }
        // The same without looking for each row whether the arrays are shared: that would take as long as adding.
        var added = 0
        tallies.withUnsafeMutableBufferPointer { tallies in
            used.withUnsafeMutableBufferPointer { used in
                for row in keys.indices where isWanted?[row] ?? true {
                    let slot = Int(keys[row])
                    precondition(slot < tallies.count)
                    if !used[slot] {
                        used[slot] = true
                        added += 1
                    }
                    tallies[slot] += tally(row)
                }
            }
        }
        count += added
    }

    private func slot(of key: UInt64) -> Int {
        let mask = keys.count - 1
        var slot = Int(truncatingIfNeeded: (key &* Self.spread) >> 32) & mask
        while used[slot], keys[slot] != key { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func grow() {
        let old = all
        keys = [UInt64](repeating: 0, count: keys.count * 2)
        tallies = [CounterTally](repeating: CounterTally(), count: keys.count)
        used = [Bool](repeating: false, count: keys.count)
        count = 0
        for (key, tally) in old { add(tally, to: key) }
    }

    /// In no order; ascending where each number has its place.
    var all: [(key: UInt64, tally: CounterTally)] {
        used.indices.filter { used[$0] }.map { (isDirect ? UInt64($0) : keys[$0], tallies[$0]) }
    }

    /// The same without a copy of the tallies.
    ///
    /// - Parameter body: gets the key, and what ``tally(at:)`` knows the tally by.
    func forEach(_ body: (_ key: UInt64, _ slot: Int) -> Void) {
        for slot in used.indices where used[slot] { body(isDirect ? UInt64(slot) : keys[slot], slot) }
    }

    func tally(at slot: Int) -> CounterTally { tallies[slot] }
}
