namespace CivilAffairs.Engine.Rules;

/// <summary>Age 周岁 in whole years, reached on the birthday; who is born on 29 February reaches it on 28 February of other years.</summary>
public static class Age
{
    /// <summary>The day on which somebody becomes <paramref name="years"/> old.</summary>
    public static DateOnly Reached(DateOnly born, int years) => born.AddYears(years);

    /// <summary>Whole years on <paramref name="day"/>; negative before the birth.</summary>
    public static int On(DateOnly born, DateOnly day)
    {
        var years = day.Year - born.Year;
        return Reached(born, years) <= day ? years : years - 1;
    }
}
