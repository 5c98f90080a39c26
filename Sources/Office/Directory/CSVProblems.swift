/// What is wrong with a CSV file, by line: the first of it in full, the rest as a number.
package struct CSVProblems: Equatable, Sendable {
    package struct Problem: Equatable, Sendable {
        package let line: Int
        /// What is wrong, and what is expected.
        package let message: String
        package let mistake: Mistake
    }

    package private(set) var first: [Problem] = []
    /// How many there are beyond ``first``.
    package private(set) var further = 0

    /// More than anyone mends before trying again, and few enough to read.
    package static let maximumListed = 100

    package var isEmpty: Bool { first.isEmpty }

    mutating func add(_ line: Int, _ message: String, _ mistake: Mistake) {
        if first.count < Self.maximumListed {
            first.append(Problem(line: line, message: message, mistake: mistake))
        } else {
            further += 1
        }
    }

    /// Both by line; of two on one line, this one's goes first.
    func merged(with other: CSVProblems) -> CSVProblems {
        let all = (first + other.first).enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }
        var merged = CSVProblems()
        for (_, problem) in all { merged.add(problem.line, problem.message, problem.mistake) }
        merged.further += further + other.further
        return merged
    }
}

/// A CSV file that was not imported, because of all this. Nothing of it was.
package struct ImportRefusal: Error, Equatable, CustomStringConvertible {
    package let fileName: String
    package let problems: CSVProblems

    package init(fileName: String, problems: CSVProblems) {
        self.fileName = fileName
        self.problems = problems
    }

    /// `FILE:LINE: what, expected`, one line each, and a last line with the number of those not listed.
    package var lines: [String] {
        var lines = problems.first.map { "\(fileName):\($0.line): \($0.message)" }
        if problems.further > 0 { lines.append("\(fileName): and \(problems.further) more") }
        return lines
    }

    /// What to do about it.
    package var advice: String { "\(fileName) has mistakes, nothing of it was imported; mend them and import it again" }

    package var description: String { lines.joined(separator: "\n") }
}
