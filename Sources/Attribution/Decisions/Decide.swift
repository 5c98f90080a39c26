/// Judges one request: the one function that says what is answered and what is recorded.
///
/// Pure: the same arguments give the same decision, whatever bytes they hold. The front door, `porter explain`, the back
/// office and the tests all call it.
///
/// - Parameters:
///   - time: when the request's head was complete.
///   - receipt: the record's ID, should there be one.
package func decide(
    _ request: SignupRequest,
    routes: RouteTable,
    directory: PartnerDirectory,
    time: Timestamp,
    receipt: Receipt
) -> Decision {
    fatalError("being written")
}
