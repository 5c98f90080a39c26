package import Attribution

/// What the provider tells of a subscription's workload: that it is in use from a moment on, or is not.
package struct UsageEvent: Equatable, Sendable {
    /// As of ``SubscriptionEvent``; the two share one set of IDs.
    package let eventID: String
    package let subscription: String
    package let isActive: Bool
    /// From when on.
    package let time: Timestamp

    /// - Parameter now: when it was told.
    /// - Throws: ``SubscriptionRefusal`` `invalid`.
    package init(
        event: String, subscription: String, isActive: Bool, time: String, now: Timestamp
    ) throws(SubscriptionRefusal) {
        do throws(SubscriptionFault) {
            eventID = try SubscriptionText.id(event, "event")
            self.subscription = try SubscriptionText.id(subscription, "id")
            self.time = try SubscriptionText.time(time, now: now)
            self.isActive = isActive
        } catch {
            throw .invalid([error])
        }
    }

    var content: String {
        EventContent.text([
            "event": eventID, "id": subscription, "active": isActive ? "true" : "false", "time": time.description,
        ])
    }
}

/// Since when a subscription's workload is in use, or is not.
package struct WorkloadActivity: Equatable, Sendable {
    package let time: Timestamp
    package let isActive: Bool

    package init(time: Timestamp, isActive: Bool) {
        self.time = time
        self.isActive = isActive
    }
}

extension [WorkloadActivity] {
    /// What the last report before or at a moment says; nil: there was none yet. The reports are in the order of their times.
    package func isActive(at time: Timestamp) -> Bool? {
        last { $0.time <= time }?.isActive
    }
}
