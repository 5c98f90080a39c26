import Attribution
import RouteFiles

extension RouteFileCase {
    /// A route with all that was read and all that is its default, one fact per line.
    static func description(of route: Route) -> [String] {
        var lines = ["route \(route.name)"]
        if let description = route.description { lines.append("  description \(description.debugDescription)") }
        lines.append("  paths \(route.paths.map(\.text).joined(separator: " "))")
        lines.append("  hosts \(route.hosts.isEmpty ? "any" : route.hosts.joined(separator: " "))")
        if let endpoint = route.endpoint { lines.append("  endpoint \(endpoint.edition.rawValue) \(endpoint.action.rawValue)") }
        lines.append("  origin \(route.origin)")
        if let campaign = route.campaign {
            lines.append("  campaign \(campaign.parameters.joined(separator: " ")) \(campaign.pattern.source)")
        }
        let partner = route.partner
        lines.append("  partner \(partner.parameters.joined(separator: " "))")
        lines.append("  partner \(partner.require.rawValue) \(partner.precedence.rawValue) \(partner.otherwise.rawValue)")
        if partner.signature != .off { lines.append("  partner signature \(partner.signature.rawValue)") }
        let destination = route.destination
        lines.append("  to \(destination.status) \(destination.url) on \(destination.host)")
        if let fragment = destination.fragment { lines.append("  fragment \(fragment.debugDescription)") }
        return lines + destination.query.map { "  query " + description(of: $0) }
    }

    private static func description(of parameter: OutgoingParameter) -> String {
        var words = [parameter.name, description(of: parameter.source)]
        if let value = parameter.defaultValue { words.append("default \(value.debugDescription)") }
        if let letterCase = parameter.letterCase { words.append(letterCase.rawValue) }
        return words.joined(separator: " ")
    }

    private static func description(of source: OutgoingParameter.Source) -> String {
        switch source {
        case .value(let value): "value \(value.debugDescription)"
        case .query(let name, .pattern(let pattern), let maxLength): "query \(name) pattern \(pattern.source) up to \(maxLength)"
        case .query(let name, .oneOf(let values), let maxLength): "query \(name) one of \(values) up to \(maxLength)"
        default: "\(source)"
        }
    }
}
