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

    /// The kernel's generator as a device, open as long as the process lives: `SystemRandomNumberGenerator` asks the kernel for
    /// eight bytes at a time, a read for a whole block of receipts. Negative where there is no such device.
    private static let randomDevice = open("/dev/urandom", O_RDONLY | O_CLOEXEC)

    private static func systemRandom(_ buffer: UnsafeMutableRawBufferPointer) {
        // Reads of the device are not interrupted below 256 bytes only (random(4)): what is missing comes the other way.
        let count = randomDevice >= 0 ? max(0, read(randomDevice, buffer.baseAddress, buffer.count)) : 0
        var generator = SystemRandomNumberGenerator()
        for index in count..<buffer.count {
            buffer[index] = UInt8.random(in: .min ... .max, using: &generator)
        }
    }
}
