/// Counters by columns: of a day all that there are, or their sums by some of the columns.
struct ArchivedRows {
    /// In the order in which they are stored.
    let names: [String]
    /// By name, then by row.
    var keys: [[UInt32]]
    /// By the columns of ``CountColumn/tallies``, then by row.
    var tallies: [[UInt32]]

    init(_ names: [String]) {
        self.names = names
        keys = [[UInt32]](repeating: [], count: names.count)
        tallies = [[UInt32]](repeating: [], count: CountColumn.tallies.count)
    }

    var count: Int { tallies[0].count }

    func column(_ name: String) -> [UInt32]? { names.firstIndex(of: name).map { keys[$0] } }

    /// - Returns: false, and nothing is appended, when a number has no room: no counter of a day comes to 2^31.
    mutating func append(_ keys: [UInt32], _ tally: CounterTally) -> Bool {
        guard tally.numbers.allSatisfy({ Int32(exactly: $0) != nil }) else { return false }
        for (place, key) in keys.enumerated() { self.keys[place].append(key) }
        for (place, number) in tally.numbers.enumerated() {
            tallies[place].append(UInt32(bitPattern: Int32(truncatingIfNeeded: number)))
        }
        return true
    }

    func tally(_ row: Int) -> CounterTally {
        func number(_ place: Int) -> Int64 { Int64(Int32(bitPattern: tallies[place][row])) }
        return CounterTally(
            requests: number(0), visits: number(1), unique: number(2), attributed: number(3), adjusted: number(4))
    }

    /// The sums by some of the columns, in the order of their numbers.
    ///
    /// - Returns: nil when a sum has no room, or the numbers of a row don't make up one.
    func sums(by names: [String]) -> ArchivedRows? {
        let columns = names.map { column($0)! }
        let radices = columns.map { UInt64($0.max() ?? 0) + 1 }
        var combinations: UInt64 = 1
        for radix in radices {
            let (product, overflows) = combinations.multipliedReportingOverflow(by: radix)
            if overflows { return nil }
            combinations = product
        }
        var table = TallyTable(keys: combinations)
        for row in 0..<count {
            var key: UInt64 = 0
            for (column, radix) in zip(columns, radices) { key = key * radix + UInt64(column[row]) }
            table.add(tally(row), to: key)
        }
        var sums = ArchivedRows(names)
        for (key, tally) in table.all.sorted(by: { $0.key < $1.key }) {
            var rest = key
            var numbers = [UInt32](repeating: 0, count: names.count)
            for place in names.indices.reversed() {
                numbers[place] = UInt32(rest % radices[place])
                rest /= radices[place]
            }
            guard sums.append(numbers, tally) else { return nil }
        }
        return sums
    }
}

// MARK: - As stored

extension ArchivedRows {
    /// Column after column, the keys first.
    var stored: [UInt8] {
        var bytes: [UInt8] = []
        for column in keys + tallies { ArchivedColumn.append(column, to: &bytes) }
        return bytes
    }

    /// nil: the bytes are none of ``stored``'s, or of other columns.
    init?(stored bytes: UnsafeRawBufferPointer, _ names: [String]) {
        self.init(names)
        var place = 0
        for index in keys.indices {
            guard let column = ArchivedColumn.next(bytes, &place) else { return nil }
            keys[index] = column
        }
        for index in tallies.indices {
            guard let column = ArchivedColumn.next(bytes, &place) else { return nil }
            tallies[index] = column
        }
        guard place == bytes.count, (keys + tallies).allSatisfy({ $0.count == count }) else { return nil }
    }
}

extension CounterTally {
    /// In the order of ``columns``.
    var numbers: [Int64] { [requests, visits, unique, attributed, adjusted] }
}
