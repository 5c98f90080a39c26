/// A set of Unicode scalars.
struct ScalarSet: Sendable {
    private var ranges: [ClosedRange<UInt32>]
    private var isInverted = false

    init(_ ranges: [ClosedRange<UInt32>]) {
        self.ranges = ranges
    }

    init(_ scalar: Unicode.Scalar) {
        self.init([scalar.value...scalar.value])
    }

    static let digit = ScalarSet([0x30...0x39])
    static let word = ScalarSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    static let space = ScalarSet([0x09...0x0D, 0x20...0x20])
    static let horizontalSpace = ScalarSet([0x09...0x09, 0x20...0x20])
    static let verticalSpace = ScalarSet([0x0A...0x0D])
    /// What `.` does not match.
    static let lineEnd = ScalarSet([0x0A...0x0D, 0x85...0x85, 0x2028...0x2029])

    /// The POSIX classes, in ASCII.
    static let posix: [String: ScalarSet] = [
        "alnum": ScalarSet([0x30...0x39, 0x41...0x5A, 0x61...0x7A]),
        "alpha": ScalarSet([0x41...0x5A, 0x61...0x7A]),
        "blank": horizontalSpace,
        "digit": digit,
        "lower": ScalarSet([0x61...0x7A]),
        "punct": ScalarSet([0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E]),
        "space": space,
        "upper": ScalarSet([0x41...0x5A]),
        "word": word,
        "xdigit": ScalarSet([0x30...0x39, 0x41...0x46, 0x61...0x66]),
    ]

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        ranges.contains { $0.contains(scalar.value) } != isInverted
    }

    /// The scalar when it is a single one.
    var onlyMember: Unicode.Scalar? {
        guard !isInverted, ranges.count == 1, ranges[0].count == 1 else { return nil }
        return Unicode.Scalar(ranges[0].lowerBound)
    }

    func inverted() -> ScalarSet {
        var set = self
        set.isInverted.toggle()
        return set
    }

    func union(_ other: ScalarSet) -> ScalarSet {
        ScalarSet(plainRanges + other.plainRanges)
    }

    /// With each ASCII letter also in the other case.
    func ignoringASCIICase() -> ScalarSet {
        var wider = plainRanges
        for range in plainRanges {
            let upper = range.clamped(to: 0x41...0x5A)
            if range.overlaps(0x41...0x5A) { wider.append(upper.lowerBound + 32...upper.upperBound + 32) }
            let lower = range.clamped(to: 0x61...0x7A)
            if range.overlaps(0x61...0x7A) { wider.append(lower.lowerBound - 32...lower.upperBound - 32) }
        }
        return ScalarSet(wider)
    }

    /// The same set without inversion.
    private var plainRanges: [ClosedRange<UInt32>] {
        guard isInverted else { return ranges }
        var gaps: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { gaps.append(next...range.lowerBound - 1) }
            next = max(next, range.upperBound + 1)
        }
        if next <= 0x10FFFF { gaps.append(next...0x10FFFF) }
        return gaps
    }
}
