internal import Attribution
package import Office

/// What a partner earns under. A partner is offered only for programs that it is enrolled in.
package enum Program: String, CaseIterable, Codable, Sendable {
    /// Online Services Sell: counts when the subscription exists.
    case sell
    /// Online Services Usage: counts while the workload is in use.
    case usage

    /// A program by one of its names, as partners' entries in the directory have them: in any letter case.
    package init?(named name: String) {
        switch name.lowercased() {
        case "sell", "online services sell": self = .sell
        case "usage", "osu", "online services usage": self = .usage
        default: return nil
        }
    }
}

extension Partner {
    /// The programs that the partner is enrolled in, of those that there are, `sell` first.
    package var enrolled: [Program] {
        let named = Set(programs.compactMap { Program(named: $0) })
        return Program.allCases.filter { named.contains($0) }
    }
}
