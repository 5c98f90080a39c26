import Attribution
import Hummingbird
import Office
import Subscriptions

extension Pages {
    static func path(ofSubscription id: String) -> String { "/subscriptions/" + FormText.escaped(id) }

    /// In the query: a browser would take a tenant called `..` in a path for a way upwards.
    static func path(ofTenant tenant: String) -> String { "/tenant?name=" + FormText.escaped(tenant) }

    /// A partner as tables and lines name it: its ID, its name if the directory has it, and where more is said of it. Empty
    /// texts for nobody.
    ///
    /// - Parameter names: of ``partnerNames(_:)``.
    func partnerValues(_ id: PartnerID?, _ names: [String: String]) -> [String: Any] {
        let text = id?.description ?? ""
        let name = names[text] ?? ""
        let page = name.isEmpty ? "/check?id=" : "/partners/"
        return ["partner": text, "partner-name": name, "partner-link": text.isEmpty ? "" : page + text]
    }

    /// A subscription as a line of a table.
    func row(_ subscription: Subscription, _ names: [String: String], _ reader: PageReader) -> [String: Any] {
        let product = subscription.product
        let lack = subscription.channel.carriesPartner ? "no-partner-of-record" : "cannot-have-partner"
        let values: [String: Any] = [
            "subscription-id": subscription.id, "link": Self.path(ofSubscription: subscription.id),
            "tenant": subscription.tenant, "tenant-link": Self.path(ofTenant: subscription.tenant), "product": product.name,
            "portal": sentence("portal-" + product.portal.rawValue, reader), "offer": subscription.offer,
            "seats": reader.format.number(Int64(subscription.seats)),
            "channel": sentence("channel-" + subscription.channel.rawValue, reader), "lack": sentence(lack, reader),
        ]
        return values.merging(partnerValues(subscription.association?.partner, names)) { $1 }
    }

    /// A change of a partner of record as a line of a history.
    func row(_ change: AssociationChange, _ names: [String: String], _ reader: PageReader) -> [String: Any] {
        let program = change.association?.program.map { sentence("program-" + $0.rawValue, reader) }
        let evidence = change.association.map { sentence("evidence-" + $0.evidence.rawValue, reader) }
        let receipt = change.receipt.description
        let values: [String: Any] = [
            "number": String(change.number), "time": reader.format.time(change.time), "utc": reader.format.utc(change.time),
            "by": sentence("by-" + change.origin.rawValue, reader), "actor": change.actor,
            "replaces": change.replaces?.description ?? "", "program": program ?? "", "evidence": evidence ?? "",
            "note": change.note ?? "", "signup": change.signup ?? "", "receipt": receipt,
            // What the ledger does not have yet leads nowhere.
            "record-link": change.isRecorded ? "/log/" + receipt : "",
        ]
        let decided = values.merging(decisionValues(change.conflict, reader)) { $1 }
        return decided.merging(partnerValues(change.association?.partner, names)) { $1 }
    }

    /// A parameter that is one word of a closed set; nil when it is not given.
    ///
    /// - Throws: ``Problem`` 400.
    static func choice<Word: RawRepresentable<String>>(_ name: String, _ request: Request) throws -> Word? {
        guard let text = request.query(name) else { return nil }
        guard let word = Word(rawValue: text) else {
            throw Problem.invalidRequest(
                "\(name) is \(PartnerText.quoted(text)), which can't be chosen", Sentence(key: "no-such-choice"))
        }
        return word
    }

    /// A sentence with what stands in its places.
    func sentence(_ key: String, _ words: [String], _ reader: PageReader) -> String {
        renderer.pageLibrary.text(Sentence(key: key, words: words), in: reader.language)
    }
}
