/// A pattern as a list of instructions that all possible states run through side by side, one scalar at a time.
struct PatternProgram: Sendable {
    private enum Instruction: Sendable {
        case scalar(ScalarSet)
        case assertion(PatternAssertion)
        /// Goes on at both places, given as places in the program.
        case split(Int, Int)
        case jump(Int)
        case match
    }

    private var instructions: [Instruction] = []

    /// Bounds what repetitions of repetitions can grow to: `(a{100}){100}` is refused.
    static let maximumInstructions = 4_000

    init(_ node: PatternNode) throws(ValuePattern.SyntaxError) {
        try append(node)
        instructions.append(.match)
    }

    private mutating func append(_ node: PatternNode) throws(ValuePattern.SyntaxError) {
        guard instructions.count < Self.maximumInstructions else {
            throw ValuePattern.SyntaxError(message: "the repetitions make the pattern too large", position: 1)
        }
        switch node {
        case .empty: break
        case .scalar(let set): instructions.append(.scalar(set))
        case .assertion(let assertion): instructions.append(.assertion(assertion))
        case .sequence(let nodes): for node in nodes { try append(node) }
        case .alternatives(let nodes): try appendAlternatives(nodes)
        case .repeated(let node, let least, let most):
            let start = instructions.count
            for _ in 0..<least {
                try append(node)
                // Nothing, however often repeated, is nothing.
                if instructions.count == start { return }
            }
            if let most { try appendOptional(node, times: most - least) } else { try appendLoop(node) }
        }
    }

    private mutating func appendAlternatives(_ nodes: [PatternNode]) throws(ValuePattern.SyntaxError) {
        var jumps: [Int] = []
        for (index, node) in nodes.enumerated() {
            let split = instructions.count
            let isLast = index == nodes.count - 1
            if !isLast { instructions.append(.match) }
            try append(node)
            if isLast { break }
            jumps.append(instructions.count)
            instructions.append(.match)
            instructions[split] = .split(split + 1, instructions.count)
        }
        for jump in jumps { instructions[jump] = .jump(instructions.count) }
    }

    private mutating func appendOptional(_ node: PatternNode, times: Int) throws(ValuePattern.SyntaxError) {
        var splits: [Int] = []
        for _ in 0..<times {
            splits.append(instructions.count)
            instructions.append(.match)
            try append(node)
        }
        for split in splits { instructions[split] = .split(split + 1, instructions.count) }
    }

    private mutating func appendLoop(_ node: PatternNode) throws(ValuePattern.SyntaxError) {
        let split = instructions.count
        instructions.append(.match)
        try append(node)
        instructions.append(.jump(split))
        instructions[split] = .split(split + 1, instructions.count)
    }

    /// Whether the program matches all the scalars from first to last.
    func matches(_ scalars: String.UnicodeScalarView) -> Bool {
        var current = States(count: instructions.count)
        var next = States(count: instructions.count)
        var before: Unicode.Scalar?
        var index = scalars.startIndex
        var after = scalars.first
        var matched = follow(from: 0, into: &current, before: before, after: after)
        while let scalar = after {
            scalars.formIndex(after: &index)
            after = index < scalars.endIndex ? scalars[index] : nil
            before = scalar
            matched = false
            next.removeAll()
            for state in current.members {
                if case .scalar(let set) = instructions[state], set.contains(scalar) {
                    matched = follow(from: state + 1, into: &next, before: before, after: after) || matched
                }
            }
            swap(&current, &next)
            if current.members.isEmpty { return false }
        }
        return matched
    }

    /// Adds all states that are reached without taking a scalar.
    ///
    /// - Returns: whether the end of the program is among them.
    private func follow(
        from start: Int, into states: inout States, before: Unicode.Scalar?, after: Unicode.Scalar?
    ) -> Bool {
        var reachedEnd = false
        var pending = [start]
        while let place = pending.popLast() {
            guard states.insert(place) else { continue }
            switch instructions[place] {
            case .scalar: break
            case .match: reachedEnd = true
            case .jump(let target): pending.append(target)
            case .split(let first, let second):
                pending.append(second)
                pending.append(first)
            case .assertion(let assertion):
                if assertion.holds(before: before, after: after) { pending.append(place + 1) }
            }
        }
        return reachedEnd
    }

    /// A set of places that is emptied in no time: what is marked with an earlier round's number is not in it.
    private struct States {
        private(set) var members: [Int] = []
        private var marks: [Int32]
        private var round: Int32 = 1

        init(count: Int) {
            marks = [Int32](repeating: 0, count: count)
        }

        mutating func insert(_ place: Int) -> Bool {
            guard marks[place] != round else { return false }
            marks[place] = round
            members.append(place)
            return true
        }

        mutating func removeAll() {
            members.removeAll(keepingCapacity: true)
            round += 1
        }
    }
}
