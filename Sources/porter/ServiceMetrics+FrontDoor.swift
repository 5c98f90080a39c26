import Attribution
import BackOffice
import FrontDoor

extension ServiceMetrics {
    /// Sets of labels that are closed have all their lines from the start: a rate over a line that only just came misses its
    /// first count.
    ///
    /// - Parameter doors: those that are open.
    static func families(of measures: FrontDoorMeasures, doors: [FrontDoorMeasures.Door]) -> [MetricFamily] {
        var families = [signups(measures), refused(measures)]
        families.append(
            .counter, "porter_unavailable_signups_total",
            "Sign-ups that were answered 503, since their record was not committed.", measures.unavailable)
        families.append(
            .counter, "porter_unmatched_requests_total", "Requests to paths that no route has.", measures.unmatched)
        families += connections(measures, doors)
        if doors.contains(.https) { families += handshakes(measures) }
        families.append(
            "porter_decide_duration_seconds", "What deciding a sign-up took: routes, Partner ID, answer, the record's draft.",
            measures.decideDurations)
        families.append(
            "porter_signup_duration_seconds", "From a sign-up's whole head until its answer was handed to the socket.",
            measures.wholeDurations)
        return families
    }

    private static func signups(_ measures: FrontDoorMeasures) -> MetricFamily {
        var family = MetricFamily(
            .counter, "porter_signups_total", "Sign-ups whose record is committed, by route and outcome.")
        for (route, outcomes) in measures.signups {
            for (outcome, count) in outcomes { family.set(count, ["route": route, "outcome": outcome.rawValue]) }
        }
        return family
    }

    private static func refused(_ measures: FrontDoorMeasures) -> MetricFamily {
        var family = MetricFamily(
            .counter, "porter_refused_requests_total",
            "Requests that were answered with an error and made no record, by status.")
        for status in FrontDoorMeasures.refusalStatuses { family.set(0, ["status": "\(status)"]) }
        for (status, count) in measures.refused { family.set(count, ["status": "\(status)"]) }
        return family
    }

    private static func connections(_ measures: FrontDoorMeasures, _ doors: [FrontDoorMeasures.Door]) -> [MetricFamily] {
        var open = MetricFamily(
            .gauge, "porter_open_connections", "Connections that are open, by door and by what is spoken on them.")
        var accepted = MetricFamily(.counter, "porter_connections_total", "Connections that were accepted, by door.")
        for door in doors {
            // Plain HTTP begins with its first byte, and HTTP/2 is agreed on by TLS alone.
            for stage in door == .https ? FrontDoorMeasures.Stage.allCases : [.http1] {
                open.set(
                    measures.open[FrontDoorMeasures.Place(door: door, stage: stage)] ?? 0,
                    ["door": door.rawValue, "protocol": stage.rawValue])
            }
            accepted.set(measures.accepted[door] ?? 0, ["door": door.rawValue])
        }
        var families = [open, accepted]
        families.append(
            .counter, "porter_turned_away_connections_total",
            "Connections that were closed at once: too many were open, in all or from one address.", measures.turnedAway)
        return families
    }

    private static func handshakes(_ measures: FrontDoorMeasures) -> [MetricFamily] {
        var completed = MetricFamily(.counter, "porter_tls_handshakes_total", "TLS handshakes that succeeded, by version.")
        for version in SignupRequest.TLSVersion.allCases {
            completed.set(measures.handshakes[version] ?? 0, ["version": version.rawValue])
        }
        var failed = MetricFamily(
            .counter, "porter_tls_handshake_failures_total",
            "Connections to the HTTPS door that ended before TLS was there, by reason.")
        for reason in HandshakeFailure.allCases {
            failed.set(measures.failedHandshakes[reason] ?? 0, ["reason": reason.rawValue])
        }
        var families = [completed, failed]
        families.append(
            "porter_tls_handshake_duration_seconds", "From a whole ClientHello to the end of the handshake that succeeded.",
            measures.handshakeDurations)
        return families
    }
}
