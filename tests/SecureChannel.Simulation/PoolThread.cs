using System.Runtime.CompilerServices;

namespace SecureChannel.Simulation;

/// <summary>
/// The only thread of the thread pool. All code of a run executes on it: work that the run queues waits until the current work item returns, and a work item in
/// the global queue runs after everything that was queued before.
/// </summary>
internal static class PoolThread
{
    /// <summary>Waits until the thread pool has nothing else to do.</summary>
    public static Idle WhenIdle() => new();

    /// <summary>Runs a function on the thread, and blocks the calling thread until it completes.</summary>
    public static T Run<T>(Func<Task<T>> function) => Task.Run(function).GetAwaiter().GetResult();

    /// <summary>An awaitable that queues itself again as long as other work items are pending.</summary>
    internal sealed class Idle : ICriticalNotifyCompletion, IThreadPoolWorkItem
    {
        private Action? _continuation;

        public bool IsCompleted => false;

        public Idle GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation)
        {
            _continuation = continuation;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        void IThreadPoolWorkItem.Execute()
        {
            if (ThreadPool.PendingWorkItemCount > 0)
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            else
                _continuation!();
        }
    }
}
