import Attribution
import SeededRandomness
import Testing

@Suite struct ReceiptTests {
    @Test("the specification's example is read and written")
    func publishedExample() throws {
        let receipt = try #require(Receipt("01ARZ3NDEKTSV4RRFFQ69G5FAV"))
        #expect(receipt.description == "01ARZ3NDEKTSV4RRFFQ69G5FAV")
        // 01ARZ3NDEK is the time in the specification's canonical representation: 2016-07-30T23:54:10.259Z.
        #expect(receipt.time == Timestamp(rfc3339: "2016-07-30T23:54:10.259Z"))
    }

    @Test("the least and the greatest value")
    func bounds() {
        #expect(Receipt.zero.description == "00000000000000000000000000")
        #expect(Receipt("7ZZZZZZZZZZZZZZZZZZZZZZZZZ") == Receipt(high: .max, low: .max))
        #expect(Receipt(high: .max, low: .max).description == "7ZZZZZZZZZZZZZZZZZZZZZZZZZ")
        #expect(Receipt(high: 0, low: .max).description == "0000000000000FZZZZZZZZZZZZ")
        #expect(Receipt(high: 1, low: 0).description == "0000000000000G000000000000")
    }

    @Test(
        "what is over 128 bits, or no base32, is none",
        arguments: [
            "80000000000000000000000000", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ", "ZZZZZZZZZZZZZZZZZZZZZZZZZZ", "01ARZ3NDEKTSV4RRFFQ69G5FA",
            "01ARZ3NDEKTSV4RRFFQ69G5FAVV", "", "01ARZ3NDEKTSV4RRFFQ69G5FAU", "01ARZ3NDEK-SV4RRFFQ69G5FAV",
            "01ARZ3NDEKTSV4RRFFQ69G5F\u{E9}",
        ])
    func nonsense(text: String) {
        #expect(Receipt(text) == nil)
    }

    @Test("a receipt that was read out is understood")
    func readOut() {
        #expect(Receipt("oiarz3ndektsv4rrffq69g5fav") == Receipt("01ARZ3NDEKTSV4RRFFQ69G5FAV"))
        #expect(Receipt("0LARZ3NDEKTSV4RRFFQ69G5FAV") == Receipt("01ARZ3NDEKTSV4RRFFQ69G5FAV"))
    }

    @Test("texts come back, and are ordered as the values are")
    func roundTripAndOrder() throws {
        var generator = SplitMix64(seed: 41)
        for _ in 0..<2_000 {
            let left = Receipt(high: generator.next() >> UInt64.random(in: 0...63, using: &generator), low: generator.next())
            let right =
                generator.once(in: 3) ? Receipt(high: left.high, low: generator.next()) : Receipt(high: generator.next(), low: 0)
            #expect(Receipt(left.description) == left)
            #expect((left < right) == left.description.utf8.lexicographicallyPrecedes(right.description.utf8), "\(left) \(right)")
        }
    }

    @Test("a receipt holds its moment to the millisecond and all random bits")
    func making() {
        let time = Timestamp(rfc3339: "2016-10-03T08:09:10.123999Z")!
        let receipt = Receipt(time: time, random16: 0xABCD, random64: 0x0123_4567_89AB_CDEF)
        #expect(receipt.time == Timestamp(rfc3339: "2016-10-03T08:09:10.123Z"))
        #expect(receipt.high & 0xFFFF == 0xABCD)
        #expect(receipt.low == 0x0123_4567_89AB_CDEF)
        #expect(Receipt(time: Timestamp(microseconds: .min), random16: 0, random64: 0) == .zero)
        #expect(Receipt(time: Timestamp(microseconds: .max), random16: 1, random64: 1).description.utf8.count == 26)
    }
}
