/// Adds tallies up by numbers: an open-addressed table without removal. The standard dictionary takes four times as long, and
/// a quarter of a year is millions of additions.
struct TallyTable {
    private var keys: [UInt64]
    private var tallies: [CounterTally]
    private var used: [Bool]
    private(set) var count = 0

    private static let fewestSlots = 1_024
    /// An odd number near 2^64 divided by the golden ratio spreads neighbouring keys (Knuth, The Art of Computer Programming 3,
    /// section 6.4).
    private static let spread: UInt64 = 0x9E37_79B9_7F4A_7C15

    init() {
        keys = [UInt64](repeating: 0, count: Self.fewestSlots)
        tallies = [CounterTally](repeating: CounterTally(), count: Self.fewestSlots)
        used = [Bool](repeating: false, count: Self.fewestSlots)
    }

    mutating func add(_ tally: CounterTally, to key: UInt64) {
        if count * 2 >= keys.count { grow() }
        let slot = slot(of: key)
        if !used[slot] {
            used[slot] = true
            keys[slot] = key
            count += 1
        }
        tallies[slot] += tally
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

    var all: [(key: UInt64, tally: CounterTally)] {
        keys.indices.filter { used[$0] }.map { (keys[$0], tallies[$0]) }
    }
}
