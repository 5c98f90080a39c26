/// Tries the addresses of a host one after the other, as they come from the name's resolution.
///
/// A browser tries the next one after a fraction of a second, and takes the first that answers (RFC 8305, "happy eyeballs"). A probe
/// races nobody, but leaves time for the later addresses when an earlier one never answers.
enum AddressTrial {
    /// The kernel asks again after one second and after three: who has not answered by then most likely never will.
    private static let longest = Duration.seconds(3)

    /// How long the first of so many addresses, at least one, may take of the time that is left.
    static func share(of remaining: Duration, addresses: Int) -> Duration {
        addresses == 1 ? remaining : min(longest, remaining / addresses)
    }

    /// What the first address gives that gives anything; else the last one's failure.
    static func first<Address, Connection>(
        of addresses: [Address], by deadline: Deadline,
        connect: (Address, Deadline) throws(ProbeFailure) -> Connection
    ) throws(ProbeFailure) -> Connection {
        var failure = ProbeFailure.unreachable("no address")
        for (index, address) in addresses.enumerated() {
            let share = share(of: deadline.remaining, addresses: addresses.count - index)
            do throws(ProbeFailure) {
                return try connect(address, deadline.within(share))
            } catch {
                failure = error
            }
        }
        throw failure
    }
}
