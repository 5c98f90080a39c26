import Measures
import Testing

@testable import BackOffice

@Suite("Metrics as Prometheus reads them")
struct ExpositionTests {
    private static func lines(_ families: MetricFamily...) -> [String] {
        let text = Exposition.text(families)
        #expect(text.isEmpty || text.hasSuffix("\n"), "the last line ends like all others")
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    @Test("a family has its meaning and its type above its values, by name and by labels")
    func order() {
        var second = MetricFamily(.gauge, "b_bytes", "Second.")
        second.set(2)
        var first = MetricFamily(.counter, "a_total", "First.")
        first.set(1, ["z": "b"])
        first.set(2, ["z": "a", "k": "x"])
        #expect(
            Self.lines(second, first) == [
                "# HELP a_total First.", "# TYPE a_total counter", #"a_total{k="x",z="a"} 2"#, #"a_total{z="b"} 1"#,
                "# HELP b_bytes Second.", "# TYPE b_bytes gauge", "b_bytes 2",
            ])
    }

    @Test("values of labels and meanings are escaped, each as its place wants it")
    func escaping() {
        var family = MetricFamily(.gauge, "a", "back\\slash \"quoted\"\nnext")
        family.set(1, ["label": "back\\slash \"quoted\"\nnext é {}"])
        #expect(
            Self.lines(family) == [
                #"# HELP a back\\slash "quoted"\nnext"#, "# TYPE a gauge",
                #"a{label="back\\slash \"quoted\"\nnext é {}"} 1"#,
            ])
    }

    @Test("a histogram's buckets hold those below them, inclusive of their bound, and end with all")
    func histogram() {
        let buckets = Buckets(microseconds: [5, 1_000, 2_500_000])
        var histogram = Histogram(buckets)
        for nanoseconds in [0, 5_000, 5_001, 1_000_000, 3_000_000_000, -1] as [Int64] { histogram.note(nanoseconds) }
        var family = MetricFamily(.histogram(buckets), "a_seconds", "Took.")
        family.set(histogram, ["of": "it"])
        #expect(
            Self.lines(family).dropFirst() == [
                "# TYPE a_seconds histogram", #"a_seconds_bucket{of="it",le="5e-06"} 3"#,
                #"a_seconds_bucket{of="it",le="0.001"} 5"#, #"a_seconds_bucket{of="it",le="2.5"} 5"#,
                #"a_seconds_bucket{of="it",le="+Inf"} 6"#, #"a_seconds_sum{of="it"} 3.001010001"#, #"a_seconds_count{of="it"} 6"#,
            ])
        #expect(Histogram(buckets).count == 0 && histogram.count == 6)
    }

    @Test("labels that repeat are one line: counters and histograms add up, the last of a gauge stays")
    func repeated() {
        var counter = MetricFamily(.counter, "a_total", "A.")
        counter.set(1, ["x": "1", "y": "2"])
        counter.set(2, ["y": "2", "x": "1"])
        var again = MetricFamily(.counter, "a_total", "A.")
        again.set(4, ["x": "1", "y": "2"])
        var gauge = MetricFamily(.gauge, "b", "B.")
        gauge.set(1)
        gauge.set(2)
        let buckets = Buckets(upperBounds: [1])
        var histogram = Histogram(buckets)
        histogram.note(1)
        var sizes = MetricFamily(.histogram(buckets), "c", "C.")
        sizes.set(histogram)
        sizes.set(histogram)
        #expect(
            Self.lines(counter, again, gauge, sizes).filter { !$0.hasPrefix("#") } == [
                #"a_total{x="1",y="2"} 7"#, "b 2", #"c_bucket{le="1"} 2"#, #"c_bucket{le="+Inf"} 2"#, "c_sum 2", "c_count 2",
            ])
    }

    @Test("a family without values is not there, and neither is a value that is not known")
    func absent() {
        var families = [MetricFamily(.gauge, "a", "A.")]
        families.append(.gauge, "b", "B.", Int?.none)
        families.append(.gauge, "c", "C.", Double?.none)
        #expect(Exposition.text(families).isEmpty)
    }

    @Test(
        "numbers are written so that they read the same",
        arguments: [
            (0, "0"), (-3, "-3"), (0.1, "0.1"), (1e-6, "1e-06"), (9_007_199_254_740_992, "9007199254740992"), (1e300, "1e+300"),
            (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (1_764_366_000.25, "1764366000.25"),
        ] as [(Double, String)])
    func numbers(value: Double, expected: String) {
        #expect(Exposition.number(value) == expected)
    }

    @Test("names are made of letters, digits and underscores, and don't begin with a digit")
    func names() {
        #expect(MetricName.isName("porter_signups_total") && MetricName.isName("_a1"))
        for wrong in ["", "1a", "a-b", "a b", "a:b", "é", "a\n"] { #expect(!MetricName.isName(wrong), "\(wrong)") }
        #expect(MetricName.label("http.status-code") == "http_status_code")
        #expect(MetricName.label("__name__") == "_name__" && MetricName.label("1") == "_1" && MetricName.label("") == "_")
    }
}
