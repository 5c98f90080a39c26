internal import Attribution

/// Which visits of the current visitor day were made before: same visitor, same route, same partner.
///
/// The visitor day is the day of the key in force. A record whose time steps back over midnight belongs to the later day,
/// as its visitor is hashed with the later key.
struct RepeatedVisits {
    /// The most visits that are remembered: as many as fit in a table of 8 MiB (2^20 places, three quarters filled). Beyond,
    /// first visits are still first visits, but a repeat of one that was not remembered counts as unique.
    static let maximumRemembered = 786_432

    private var seen: Set<UInt64> = []
    private let maximum: Int

    init(maximum: Int = RepeatedVisits.maximumRemembered) {
        self.maximum = maximum
    }

    var count: Int { seen.count }

    /// Notes a visit.
    ///
    /// - Returns: whether it is a repeat, and whether it was remembered just now.
    mutating func note(_ fingerprint: UInt64) -> (isRepeat: Bool, isNew: Bool) {
        guard seen.count < maximum else { return (seen.contains(fingerprint), false) }
        let isNew = seen.insert(fingerprint).inserted
        return (!isNew, isNew)
    }

    func contains(_ fingerprint: UInt64) -> Bool { seen.contains(fingerprint) }

    /// Takes back a visit whose record was not committed.
    mutating func forget(_ fingerprint: UInt64) { seen.remove(fingerprint) }

    mutating func removeAll() { seen.removeAll() }

    /// 64 bits of (visitor, route, partner), the same after a restart. That two visits of one day are taken for one is less
    /// likely than one in fifty million at the limit; visitors are keyed hashes, so nobody can bring it about for another.
    static func fingerprint(visitor: Visitor, route: String, partner: PartnerID?) -> UInt64 {
        var hash = visitor.high ^ visitor.low &* 0x9E37_79B9_7F4A_7C15
        // FNV-1a over the rest (draft-eastlake-fnv), the route's end marked by a byte that UTF-8 does not have.
        var route = route
        route.withUTF8 { for byte in $0 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 } }
        hash = (hash ^ 0xFF) &* 0x100_0000_01B3
        hash ^= (partner?.number ?? 0) &* 0xC2B2_AE3D_27D4_EB4F
        // The finalizer of MurmurHash3, so that every bit depends on every other.
        hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
        return hash ^ hash >> 33
    }
}
