using System.Reflection;
using SecureChannel.Testing;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestFramework(typeof(TimeLimit))]

namespace SecureChannel.Testing;

/// <summary>The test framework of every test project. It limits the time of each test, so that a test that hangs fails.</summary>
/// <remarks>A test that needs more time declares it: <c>[Fact(Timeout = 300_000)]</c>, with the reason in a comment.</remarks>
internal sealed class TimeLimit : XunitTestFramework
{
    /// <summary>The time limit of a test that declares none, in milliseconds.</summary>
    public const int Default = 120_000;

    protected override ITestFrameworkDiscoverer CreateDiscoverer(Assembly assembly) =>
        new Discoverer(((XunitTestFrameworkDiscoverer)base.CreateDiscoverer(assembly)).TestAssembly);

    private sealed class Discoverer(IXunitTestAssembly assembly) : XunitTestFrameworkDiscoverer(assembly)
    {
        protected override ValueTask<bool> FindTestsForMethod(
            IXunitTestMethod testMethod, ITestFrameworkDiscoveryOptions discoveryOptions, Func<ITestCase, ValueTask<bool>> discoveryCallback)
        {
            // xunit reads the limit of a fact, and of a theory's rows, from these instances. To xunit, zero and negative values mean no limit.
            foreach (var fact in testMethod.FactAttributes.Cast<FactAttribute>().Where(fact => fact.Timeout <= 0))
                fact.Timeout = Default;

            return base.FindTestsForMethod(testMethod, discoveryOptions, discoveryCallback);
        }
    }
}
