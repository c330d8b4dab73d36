import Glibc

/// Throws for the `-errno` that the C shims return; gives back everything else.
@discardableResult
package func checked(_ result: Int32, _ call: String, _ target: String) throws(SystemError) -> Int32
{
    if result < 0 { throw SystemError(call, code: -result, target: target) }
    return result
}

/// Throws for a C library call that returned -1; gives back everything else.
@discardableResult
package func checkedErrno<Result: SignedInteger>(
    _ result: Result, _ call: String, _ target: String
) throws(SystemError) -> Result {
    if result < 0 { throw .last(call, target: target) }
    return result
}
