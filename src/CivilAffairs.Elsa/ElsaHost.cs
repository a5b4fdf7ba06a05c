using CivilAffairs.ElsaRuntime.Activities;
using CivilAffairs.ElsaRuntime.Bursts;
using CivilAffairs.ElsaRuntime.Expressions;
using Elsa.Common;
using Elsa.Extensions;
using Elsa.Features.Services;
using Elsa.Mediator.Contracts;
using Elsa.Scheduling;
using Elsa.Scheduling.Services;
using Elsa.Workflows;
using Elsa.Workflows.Activities;
using Elsa.Workflows.CommitStates;
using Elsa.Workflows.Features;
using Elsa.Workflows.Management;
using Elsa.Workflows.Management.Features;
using Elsa.Workflows.Middleware.Activities;
using Elsa.Workflows.Middleware.Workflows;
using Elsa.Workflows.Runtime;
using Elsa.Workflows.Runtime.Activities;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CivilAffairs.ElsaRuntime;

/// <summary>
/// Elsa's services in a container of their own: her runner, her activities, her expressions, and none of her stores, queues,
/// locks and schedulers, which would act behind the transaction's back.
/// </summary>
internal static class ElsaHost
{
    internal static ServiceProvider Build()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        var module = services.CreateModule();
        module.Configure<WorkflowsFeature>(Runner);
        module.Configure<FlowchartFeature>();
        module.Configure<WorkflowManagementFeature>(Activities);
        module.UseJavaScript();
        module.UseLiquid();
        module.Apply();
        // They look after Elsa's own stores of definitions and instances, which are not used.
        foreach (var keeper in services.Where(s => s.ServiceType == typeof(INotificationHandler) && s.ImplementationType?.Assembly == typeof(WorkflowManagementFeature).Assembly).ToList()) services.Remove(keeper);
        services.AddActivityProvider<CaseActivityProvider>();
        services.AddNotificationHandler<ScriptFunctions>();
        services.Replace(ServiceDescriptor.Singleton<ISystemClock, StepClock>());
        services.AddSingleton<ICronParser, CronosCronParser>();
        services.AddScoped<ITaskDispatcher, TasksAsEffects>();
        services.AddScoped<EventsAsEffects>().AddScoped<IEventPublisher>(sp => sp.GetRequiredService<EventsAsEffects>());
        var provider = services.BuildServiceProvider();
        Task.Run(async () =>
        {
            await using var scope = provider.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<IActivityRegistryPopulator>().PopulateRegistryAsync(default).ConfigureAwait(false);
        }).GetAwaiter().GetResult();
        return provider;
    }

    private static void Runner(WorkflowsFeature workflows)
    {
        workflows.IdentityGenerator = _ => new StepIds();
        workflows.StandardOutStreamProvider = _ => new StepLines();
        workflows.CommitStateHandler = sp => new NothingIsCommitted(sp.GetRequiredService<IVariablePersistenceManager>());
        workflows.WithWorkflowExecutionPipeline(p => p.Reset().UseEngineExceptionHandling().UsePersistentVariables().UseExceptionHandling().UseDefaultActivityScheduler());
        workflows.WithActivityExecutionPipeline(p => p.UseExceptionHandling().UseExecutionLogging().UseDefaultActivityInvoker());
    }

    private static void Activities(WorkflowManagementFeature management)
    {
        management.AddActivitiesFrom<WriteLine>().RemoveActivity<ReadLine>();
        management.AddActivity<SendEmail>();
        management.AddActivity<RunTask>().AddActivity<Event>().AddActivity<PublishEvent>();
        management.AddActivity<Elsa.Scheduling.Activities.Delay>().AddActivity<Elsa.Scheduling.Activities.Timer>().AddActivity<Elsa.Scheduling.Activities.StartAt>().AddActivity<Elsa.Scheduling.Activities.Cron>();
    }
}
