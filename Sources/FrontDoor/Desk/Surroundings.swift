package import Attribution

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The time and the randomness that the front door takes from its surroundings; tests hand in their own.
package struct Surroundings: Sendable {
    /// The wall clock.
    package var now: @Sendable () -> Timestamp
    /// Fills memory with bytes that nobody can guess.
    package var fillWithRandom: @Sendable (UnsafeMutableRawBufferPointer) -> Void

    package init(
        now: @escaping @Sendable () -> Timestamp,
        fillWithRandom: @escaping @Sendable (UnsafeMutableRawBufferPointer) -> Void
    ) {
        self.now = now
        self.fillWithRandom = fillWithRandom
    }

    /// `CLOCK_REALTIME`, and the kernel's generator.
    package static let system = Surroundings(now: systemTime, fillWithRandom: systemRandom)

    private static func systemTime() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * Timestamp.microsecondsPerSecond + Int64(time.tv_nsec) / 1_000)
    }

    private static func systemRandom(_ buffer: UnsafeMutableRawBufferPointer) {
        var generator = SystemRandomNumberGenerator()
        var offset = 0
        while offset < buffer.count {
            let word = generator.next() as UInt64
            withUnsafeBytes(of: word) { bytes in
                let count = min(bytes.count, buffer.count - offset)
                UnsafeMutableRawBufferPointer(rebasing: buffer[offset...]).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: bytes[..<count])
                )
                offset += count
            }
        }
    }
}
