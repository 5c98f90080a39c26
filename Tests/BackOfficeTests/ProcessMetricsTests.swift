import Testing

@testable import BackOffice

@Suite("What the kernel says of the process")
struct ProcessMetricsTests {
    @Test("a program may be called anything, also what looks like fields")
    func status() throws {
        let fields = "S 1 1 1 0 -1 4194560 5 0 0 0 7 3 0 0 20 0 9 0 2500 1048576 25 18446744073709551615"
        for name in ["(porter)", "(por ter) 1 2)", "(a\nb)"] {
            let text = "42 \(name) \(fields)\n"
            let status = try #require(ProcessStatus(text, bootTime: 1_000, ticksPerSecond: 100, pageBytes: 4_096))
            #expect(status.threads == 9 && status.startTime == 1_025)
            #expect(status.virtualBytes == 1_048_576 && status.residentBytes == 102_400)
        }
        let known = ProcessStatus("42 (p) \(fields)", bootTime: nil, ticksPerSecond: 100, pageBytes: 4_096)
        #expect(known != nil && known?.startTime == nil, "what is not known is absent")
        #expect(ProcessStatus("42 (p) S 1", bootTime: 1, ticksPerSecond: 100, pageBytes: 4_096) == nil)
        #expect(ProcessStatus("", bootTime: 1, ticksPerSecond: 100, pageBytes: 4_096) == nil)
    }

    @Test("the limit of open files is the one in force, not the highest that could be")
    func descriptorLimit() {
        let limits = """
            Limit                     Soft Limit           Hard Limit           Units
            Max processes             7000                 8000                 processes
            Max open files            1024                 524288               files
            """
        #expect(ProcessStatus.descriptorLimit(limits) == 1_024)
        #expect(ProcessStatus.descriptorLimit(limits.replacing("1024  ", with: "unlimited  ")) == nil)
        #expect(ProcessStatus.descriptorLimit("") == nil)
    }

    @Test("the machine's start is found among other lines")
    func bootTime() {
        #expect(ProcessStatus.bootTime("cpu 1 2\nctxt 5\nbtime 1764366000\nprocesses 3\n") == 1_764_366_000)
        #expect(ProcessStatus.bootTime("cpu 1 2\n") == nil)
    }
}
