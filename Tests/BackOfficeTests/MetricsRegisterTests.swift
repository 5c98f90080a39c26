import CoreMetrics
import Measures
import Testing

@testable import BackOffice

@Suite("What swift-metrics counts")
struct MetricsRegisterTests {
    private let register = MetricsRegister([
        MetricDescription(.counter, "a_total", "A."), MetricDescription(.gauge, "b", "B."),
        MetricDescription(.histogram(Buckets(microseconds: [1_000])), "c_seconds", "C."),
        MetricDescription(.histogram(Buckets(upperBounds: [10])), "d", "D."),
    ])

    private var lines: [String] {
        Exposition.text(register.families).split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
    }

    @Test("counters of one name and the same labels are one, in whatever order they stand")
    func counters() {
        Counter(label: "a_total", dimensions: [("x", "1"), ("y", "2")], factory: register).increment(by: 2)
        Counter(label: "a_total", dimensions: [("y", "2"), ("x", "1")], factory: register).increment()
        FloatingPointCounter(label: "a_total", factory: register).increment(by: 0.5)
        let falling = Counter(label: "a_total", factory: register)
        falling.increment(by: -7)
        #expect(lines == ["a_total 0.5", #"a_total{x="1",y="2"} 3"#])
    }

    @Test("a counter that nobody holds any more keeps its line; one that has not counted is zero")
    func kept() {
        do {
            let counter = Counter(label: "a_total", factory: register)
            counter.increment()
            counter.destroy()
        }
        _ = Counter(label: "a_total", dimensions: [("x", "1")], factory: register)
        #expect(lines == ["a_total 1", #"a_total{x="1"} 0"#])
    }

    @Test("a gauge has no line until it is set")
    func gauges() {
        let meter = Meter(label: "b", factory: register)
        #expect(lines.isEmpty)
        meter.set(3)
        meter.increment(by: 2)
        meter.decrement(by: 0.5)
        #expect(lines == ["b 4.5"])
        Gauge(label: "b", factory: register).record(-1)
        #expect(lines == ["b -1"])
    }

    @Test("timers are told in seconds, recorders in what they record")
    func histograms() {
        let timer = CoreMetrics.Timer(label: "c_seconds", factory: register)
        timer.recordNanoseconds(1_000_000)
        timer.recordNanoseconds(500_000_000)
        let recorder = CoreMetrics.Recorder(label: "d", factory: register)
        recorder.record(10)
        recorder.record(10.6)
        recorder.record(Double.nan)
        #expect(
            lines == [
                #"c_seconds_bucket{le="0.001"} 1"#, #"c_seconds_bucket{le="+Inf"} 2"#, "c_seconds_sum 0.501", "c_seconds_count 2",
                #"d_bucket{le="10"} 1"#, #"d_bucket{le="+Inf"} 2"#, "d_sum 21", "d_count 2",
            ])
    }

    @Test("what is not described, or described as something else, goes nowhere")
    func unknown() {
        Counter(label: "library.requests", factory: register).increment()
        Counter(label: "b", factory: register).increment()
        Meter(label: "a_total", factory: register).set(1)
        CoreMetrics.Timer(label: "b", factory: register).recordNanoseconds(1)
        CoreMetrics.Recorder(label: "b", dimensions: [], aggregate: true, factory: register).record(1)
        #expect(lines.isEmpty)
    }

    @Test("labels can't grow without bound")
    func bounded() {
        for number in 0..<MetricsRegister.maximumLabels + 10 {
            Counter(label: "a_total", dimensions: [("x", "\(number)")], factory: register).increment()
        }
        #expect(lines.count == MetricsRegister.maximumLabels)
    }
}
