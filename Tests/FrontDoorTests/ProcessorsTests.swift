import Testing

@testable import FrontDoor

@Suite("The processors that may be used")
struct ProcessorsTests {
    @Test(
        "are counted in the kernel's mask",
        arguments: [
            ("Name:\tporter\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\n", 2),
            ("Cpus_allowed:\tff\n", 8),
            ("Cpus_allowed:\t00000000,80000000,00000001\n", 2),
            ("Cpus_allowed:\tf", 4),
        ])
    func mask(status: String, count: Int) {
        #expect(Processors.allowed(byStatus: Array(status.utf8)) == count)
    }

    @Test("are not known without it")
    func noMask() {
        #expect(Processors.allowed(byStatus: Array("Name:\tporter\nCpus_allowed_list:\t0-1\n".utf8)) == nil)
    }

    @Test("are at least one")
    func usable() {
        #expect(Processors.usable >= 1)
    }
}
