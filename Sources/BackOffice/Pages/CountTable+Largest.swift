import Ledger

extension CountTable {
    /// Those of the lines that count most, the largest first; of lines that count the same, those that come first.
    ///
    /// - Parameter value: of the first dimension, whose lines don't count.
    func largest(_ count: Int, by measure: CountMeasure = .requests, leavingOut value: String? = nil) -> [Line] {
        let left = value.flatMap { texts(of: 0).firstIndex(of: $0) }
        // Few of many: nearly every line is passed over by one comparison.
        var most: [(size: Int64, line: Int)] = []
        for (line, tally) in tallies.enumerated() {
            let size = measure.value(of: tally)
            if most.count == count, size <= most.last?.size ?? .max { continue }
            if let left, places(of: 0)[line] == left { continue }
            most.insert((size, line), at: most.firstIndex { $0.size < size } ?? most.count)
            if most.count > count { most.removeLast() }
        }
        return most.map { lines[$0.line] }
    }
}
