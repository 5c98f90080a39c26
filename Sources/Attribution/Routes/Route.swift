/// One sign-up URL: what it matches, whom it attributes, where it redirects. Made from a file in `routes/`.
///
/// A class, because every record and every table entry refers to its route: sharing one costs a reference count,
/// copying its many fields would cost one each.
package final class Route: Sendable {
    /// What records, counts and messages call the route; unique among all routes.
    package let name: String
    /// For people who read the route list.
    package let description: String?
    /// The first 16 hexadecimal digits of the SHA-256 of the route's file.
    package let version: String
    /// Each of them leads to this route; literal ones go before templates.
    package let paths: [PathPattern]
    /// In the form ``HostName`` gives; empty means any host.
    package let hosts: [String]
    /// Which of the integration module's URLs this is, if it is one.
    package let endpoint: Endpoint?
    /// Where its sign-ups come from, for the counts.
    package let origin: String
    /// How a campaign tag is recognised; nil takes none.
    package let campaign: CampaignRule?
    /// Whom it attributes.
    package let partner: PartnerRule
    /// Where it redirects.
    package let destination: Destination
    /// ``hosts``, to be compared with a visitor's.
    let hostNames: HostNames
    /// What parameter names mean to the route.
    let parameters: RouteParameters
    /// Where it redirects, with all that is known in advance written out.
    let location: LocationTemplate
    /// What is the same in each of its records.
    let leaf: LeafParts

    package init(
        name: String,
        description: String? = nil,
        version: String,
        paths: [PathPattern],
        hosts: [String] = [],
        endpoint: Endpoint? = nil,
        origin: String = Route.defaultOrigin,
        campaign: CampaignRule? = nil,
        partner: PartnerRule = PartnerRule(),
        destination: Destination
    ) {
        self.name = name
        self.description = description
        self.version = version
        self.paths = paths
        self.hosts = hosts
        self.endpoint = endpoint
        self.origin = origin
        self.campaign = campaign
        self.partner = partner
        self.destination = destination
        hostNames = HostNames(hosts)
        let parameters = RouteParameters(partner: partner, campaign: campaign, destination: destination)
        self.parameters = parameters
        let labels = RouteLabels(name: name, version: version, endpoint: endpoint, origin: origin)
        location = LocationTemplate(destination, labels: labels, names: parameters.names)
        leaf = LeafParts(labels, destinationHost: destination.host)
    }

    /// Whether the route is asked for on this host.
    ///
    /// - Parameter host: normalised but for the case of its letters; nil when the client named none.
    func isOn(_ host: ArraySlice<UInt8>?) -> Bool {
        hostNames.isEmpty || host.map { hostNames.find($0.span) != nil } ?? false
    }

    /// The origin of a route that names none.
    package static let defaultOrigin = "web"
}

/// One of the integration module's four sign-up URLs (registry values `MOSRASTDBUY`, `MOSRASTDTRY`, `MOSRALITEBUY`, `MOSRALITETRY`).
package struct Endpoint: Hashable, Sendable {
    /// Which Office 365 the URL sells.
    package enum Edition: String, CaseIterable, Sendable {
        case enterprise
        case smallBusiness = "small-business"
    }

    /// Whether the customer buys or tries.
    package enum Action: String, CaseIterable, Sendable {
        case buy
        case trial
    }

    /// `enterprise` or `small-business` in records.
    package let edition: Edition
    /// `buy` or `trial` in records.
    package let action: Action

    package init(edition: Edition, action: Action) {
        self.edition = edition
        self.action = action
    }
}

/// Where a campaign tag is looked for, and what one looks like.
package struct CampaignRule: Sendable {
    /// Parameter names in the order in which they are asked.
    package let parameters: [String]
    package let pattern: ValuePattern

    /// UTF-8 bytes of a tag after decoding; longer ones are none.
    package static let maxLength = 256

    package init(parameters: [String], pattern: ValuePattern) {
        self.parameters = parameters
        self.pattern = pattern
    }
}

/// Whom a route attributes.
package struct PartnerRule: Sendable {
    /// What an ID must have to be attributed.
    package enum Requirement: String, CaseIterable, Sendable {
        /// The ID must be in the directory.
        case directory
        /// A well-formed ID is enough, unless the directory says that the partner is suspended or expired.
        case syntax
    }

    /// What an ID in the path means beside others.
    package enum Precedence: String, CaseIterable, Sendable {
        /// An ID in the path decides alone.
        case path
        case none
    }

    /// What becomes of the customer when nobody can be attributed.
    package enum Otherwise: String, CaseIterable, Sendable {
        /// A sign-up without a usable ID is redirected, unattributed.
        case redirect
        /// A sign-up without a usable ID gets an error page.
        case reject
    }

    /// What a link's signature (``SignedLink``) decides.
    package enum Signature: String, CaseIterable, Sendable {
        /// Nobody looks for one.
        case off
        /// It is judged and recorded, and decides nothing.
        case report
        /// Nobody is attributed without a valid one.
        case require
    }

    /// The names under which an ID is accepted; compared without ASCII case.
    package let parameters: [String]
    /// `partner.require` of the route file.
    package let require: Requirement
    /// `partner.precedence` of the route file.
    package let precedence: Precedence
    /// `partner.otherwise` of the route file.
    package let otherwise: Otherwise
    /// `partner.signature` of the route file.
    package let signature: Signature

    /// What the module and the provider's own pages are known to use, and likely spellings.
    package static let defaultParameters = ["Partner", "POR", "PORID", "msppid", "MPNID"]

    package init(
        parameters: [String] = PartnerRule.defaultParameters,
        require: Requirement = .directory,
        precedence: Precedence = .path,
        otherwise: Otherwise = .redirect,
        signature: Signature = .off
    ) {
        self.parameters = parameters
        self.require = require
        self.precedence = precedence
        self.otherwise = otherwise
        self.signature = signature
    }
}
