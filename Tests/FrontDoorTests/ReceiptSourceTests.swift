import Attribution
import Synchronization
import Testing

@testable import FrontDoor

@Suite("Receipts")
struct ReceiptSourceTests {
    @Test("take their random bits in order, from blocks that are asked for seldom")
    func blocks() {
        let calls = Counter()
        var source = ReceiptSource { buffer in
            calls.add()
            for index in buffer.indices { buffer[index] = UInt8(truncatingIfNeeded: index / 10) }
        }
        let time = Timestamp(microseconds: 5_000)
        let receipts = (0..<129).map { _ in source.next(at: time) }
        #expect(calls.value == 2)
        #expect(receipts[3] == Receipt(time: time, random16: 0x0303, random64: 0x0303_0303_0303_0303))
        #expect(receipts[128] == receipts[0])
    }

    @Test("of the system all differ, in every byte")
    func system() {
        var source = ReceiptSource(fill: Surroundings.system.fillWithRandom)
        let receipts = (0..<1_000).map { _ in source.next(at: Timestamp(microseconds: 0)) }
        #expect(Set(receipts).count == 1_000)
        for shift in stride(from: 0, to: 64, by: 8) {
            #expect(Set(receipts.map { $0.low >> UInt64(shift) & 0xFF }).count > 200)
        }
    }

    private final class Counter: Sendable {
        private let count = Mutex(0)
        func add() { count.withLock { $0 += 1 } }
        var value: Int { count.withLock { $0 } }
    }
}
