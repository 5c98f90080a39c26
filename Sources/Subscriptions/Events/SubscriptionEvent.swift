package import Attribution
internal import Foundation

/// What the provider tells of a subscription: what other trackers call a postback.
package struct SubscriptionEvent: Equatable, Sendable {
    /// The provider's ID of the event, by which it is taken once, however often it is told.
    package let eventID: String
    package let subscription: String
    package let tenant: String
    package let product: Product
    package let offer: String
    package let seats: Int
    package let channel: Channel
    /// When it was so.
    package let time: Timestamp
    /// The receipt that the redirect carried, as it came, or what stood in its place; see ``SubscriptionText/claimed(_:)``.
    package let claimed: String?

    /// The columns of a CSV, which are also the members of the API's JSON, in this order.
    package enum Column: String, CaseIterable, Sendable {
        case event, id, tenant, product, offer, seats, channel, time, receipt
    }

    /// Reads the fields as they came.
    ///
    /// - Parameters:
    ///   - text: a field's text; nil when it is absent.
    ///   - seats: nil when it is no number.
    ///   - now: when it was told.
    /// - Throws: ``SubscriptionRefusal`` `invalid` with all that is wrong.
    package init(seats: Int?, now: Timestamp, _ text: (Column) -> String?) throws(SubscriptionRefusal) {
        var faults: [SubscriptionFault] = []
        func read<Value>(_ column: Column, _ body: (String, String) throws(SubscriptionFault) -> Value) -> Value? {
            do throws(SubscriptionFault) {
                return try body(text(column) ?? "", column.rawValue)
            } catch {
                faults.append(error)
                return nil
            }
        }
        let eventID = read(.event, SubscriptionText.id)
        let subscription = read(.id, SubscriptionText.id)
        let tenant = read(.tenant, SubscriptionText.line)
        let product: Product? = read(.product, SubscriptionText.word)
        let offer = read(.offer, SubscriptionText.line)
        let number = read(.seats) { (_, _) throws(SubscriptionFault) in try SubscriptionText.seats(seats) }
        let channel: Channel? = read(.channel, SubscriptionText.word)
        let time = read(.time) { (text, _) throws(SubscriptionFault) in try SubscriptionText.time(text, now: now) }
        guard let eventID, let subscription, let tenant, let product, let offer, let number, let channel, let time else {
            throw .invalid(faults)
        }
        self.eventID = eventID
        self.subscription = subscription
        self.tenant = tenant
        self.product = product
        self.offer = offer
        self.seats = number
        self.channel = channel
        self.time = time
        claimed = SubscriptionText.claimed(text(.receipt))
    }

    /// The event as one text, the same for the same event: what a second one of its ID is compared with.
    var content: String {
        let members: [Column: String?] = [
            .event: eventID, .id: subscription, .tenant: tenant, .product: product.rawValue, .offer: offer,
            .seats: String(seats), .channel: channel.rawValue, .time: time.description, .receipt: claimed,
        ]
        return EventContent.text(
            Dictionary(uniqueKeysWithValues: members.compactMap { column, text in text.map { (column.rawValue, $0) } }))
    }
}

/// How an event is kept as text.
enum EventContent {
    /// An object of texts with sorted names.
    static func text(_ members: [String: String]) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Texts always can be encoded.
        return String(decoding: (try? encoder.encode(members)) ?? Data(), as: UTF8.self)
    }
}
